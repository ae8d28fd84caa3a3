"""Who the people are stays here: a provider that is not trusted reads tokens in place of names, addresses and ids."""

from faraday_app.gateway.service.privacy.bodies import Masked, Unmasking, mask_for
from faraday_app.gateway.service.privacy.names import Names, names_of

__all__ = ["Masked", "Names", "Unmasking", "mask_for", "names_of"]
