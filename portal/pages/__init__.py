"""The desk in a browser: pages for officers, bureau and auditors. What may be done stands in portal/desk/actions; here it is shown and asked for."""
