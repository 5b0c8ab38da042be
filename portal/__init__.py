"""The web face: API, chat page, embeddable element, SMART App Launch, CDS Hooks and MCP over one `Assistant`."""
