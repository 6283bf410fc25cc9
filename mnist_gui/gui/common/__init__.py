"""What several features share: theme, fields, dialogs, labels, icons."""
