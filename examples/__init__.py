"""Applications that show how typedoauth is used."""
