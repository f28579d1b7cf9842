"""The secret key of an embedded installation: made once, kept in var/, readable by its owner only."""

import os
import secrets
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def embedded_secret_key(folder: Path) -> str:
    """Read `folder`/secret_key, or make it.

    Raises
    ------
    ImproperlyConfigured
        If the folder cannot be written to.
    """
    path = folder / "secret_key"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            descriptor, draft = tempfile.mkstemp(dir=folder)  # 0600 by its nature
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(48))
            try:
                # Of two processes that start together one link succeeds; both then read that one, complete.
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                os.unlink(draft)
        return path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"Salient keeps its database, queue and secret key in {folder}, which cannot be used: "
            f"{error.strerror}. Make the folder readable and writable, or set SALIENT_VAR to one that is."
        ) from error
