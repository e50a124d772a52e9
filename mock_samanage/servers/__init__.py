"""HTTP servers for any WSGI application: a threaded one in this process, and Granian; they know no SCIM route."""
