"""Values of formats that schemathesis makes up more freely than the standards allow."""

import schemathesis
from hypothesis import strategies

_letters = strategies.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=20)

# email-validator refuses domains that are reserved for tests, as a mail server would.
schemathesis.openapi.format(
    "email", strategies.builds("{}.{}@{}.com".format, _letters, _letters, _letters)
)
