"""What several exercises or lessons share: decisions, closed forms, plans, manifests. Figures come as arguments."""
