"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict


class CaptureRedactionSpec(TypedDict):
    """Removes personal data from captured requests and answers, before they are stored.

    It needs `capture_percent`, and a router of the platform: endpoints on the cluster, and those on Cloud Run. Of
    the headers only those stay that say which request it was and how it was answered. What cannot be read, such
    as bodies that are compressed, is not kept.
    """

    fields: NotRequired[Sequence[str]]
    """Names of fields, columns and tensors whose values are removed, at any depth of requests and answers. Upper and
    lower case are alike.
    """

    kinds: NotRequired[Sequence[str]]
    """Personal data that are replaced in every text, by a mark such as `[email]`: addresses of mail, telephone
    numbers that begin with + or 0 or are written in groups, numbers of cards and bank accounts whose check digits
    are right, and addresses of machines. Names of people have no form that could be found: use `fields`.

    One of email, phone, card, iban, ip.
    """

    patterns: NotRequired[Sequence[str]]
    """Regular expressions as Python writes them, whose matches are replaced in every text by `[redacted]`."""

    image: NotRequired[str]
    """Image with `mlplatform-redact`, such as a pipeline's `programs_image`. Omitted: the image of `monitor`."""
