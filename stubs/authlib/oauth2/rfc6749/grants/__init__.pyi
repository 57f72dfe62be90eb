from .authorization_code import AuthorizationCodeGrant as AuthorizationCodeGrant
from .base import BaseGrant as BaseGrant
from .client_credentials import ClientCredentialsGrant as ClientCredentialsGrant
from .refresh_token import RefreshTokenGrant as RefreshTokenGrant
from .resource_owner_password_credentials import (
    ResourceOwnerPasswordCredentialsGrant as ResourceOwnerPasswordCredentialsGrant,
)
