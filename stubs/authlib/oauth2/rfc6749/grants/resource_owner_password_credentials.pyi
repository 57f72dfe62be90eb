from .base import BaseGrant

class ResourceOwnerPasswordCredentialsGrant(BaseGrant):
    def authenticate_user(self, username: str, password: str) -> object: ...
