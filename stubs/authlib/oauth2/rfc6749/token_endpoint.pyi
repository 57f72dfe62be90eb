class TokenEndpoint:
    CLIENT_AUTH_METHODS: list[str]
