"""How the portal bears load: many conversations at once against a server of its own."""
