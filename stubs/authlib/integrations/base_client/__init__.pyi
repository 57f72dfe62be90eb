from .sync_openid import OpenIDMixin as OpenIDMixin
