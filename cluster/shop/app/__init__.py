"""The shop itself: an orders API and an email worker that fulfill the whole contract between platform and application.

The package imports only itself and its requirements, never the workbook: in the image it is called ``shop``
(``python -m shop.api``), in the checkout ``cluster.shop.app`` (``python -m cluster.shop.app.api``).
"""
