"""What a plan may lead to: every interleaving of its steps with crashes, redeliveries and requests, explored to the end."""
