"""Who may do what, and when: joins the workers to what the window asks."""
