"""AWS Secrets Manager, by boto3: values go from memory to its API, past command lines and files."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from refctl.core.errors import ConfigurationError, MissingToolError, RemoteRefusedError
from refctl.core.redact import REDACTOR, Secret

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ABSENT = "ResourceNotFoundException"
HINTS = {
    "AccessDeniedException": "the identity needs secretsmanager:GetSecretValue, CreateSecret and "
    "PutSecretValue for it",
    "UnrecognizedClientException": "the credentials are wrong: aws sso login, or AWS_PROFILE",
    "ExpiredTokenException": "the credentials have expired: aws sso login",
    "InvalidRequestException": "it may be marked for deletion: aws secretsmanager restore-secret",
    "DecryptionFailure": "the identity may not use the key that encrypts it: kms:Decrypt",
}


class SecretsManager:
    """Speaks with Secrets Manager in the account and region of the environment."""

    def __init__(self) -> None:
        try:
            import boto3
        except ImportError:
            raise MissingToolError(
                "boto3 is not installed", hint="uv tool install 'refctl[aws]'"
            ) from None
        with _refusals("Secrets Manager"):
            # Alone among AWS's own libraries, boto3 knows AWS_DEFAULT_REGION and not this.
            region = os.environ.get("AWS_REGION") or None
            self._client = boto3.client("secretsmanager", region_name=region)

    def read(self, name: str) -> dict[str, Any] | None:
        """Return the values of a secret that is a JSON object, as they are; None: there is none.

        Raises:
            ConfigurationError: it is something else.

        """
        from botocore.exceptions import ClientError

        with _refusals(name):
            try:
                text = self._client.get_secret_value(SecretId=name).get("SecretString", "")
            except ClientError as no:
                if no.response["Error"]["Code"] == ABSENT:
                    return None
                raise
        try:
            values = json.loads(text)
        except ValueError:
            values = None
        if not isinstance(values, dict):
            raise ConfigurationError(
                f"{name} in AWS is no JSON object of secrets",
                hint="it is somebody else's: rename it",
            )
        for value in values.values():
            REDACTOR.add(str(value))
        return values

    def perform(self, operation: str, name: str, body: Mapping[str, Any]) -> None:
        """Create a secret, or give it a new version; AWS keeps the one before as AWSPREVIOUS."""
        text: Secret = body["SecretString"]
        with _refusals(name):
            if operation == "CreateSecret":
                self._client.create_secret(Name=name, SecretString=text.reveal())
            else:
                self._client.put_secret_value(SecretId=name, SecretString=text.reveal())


@contextmanager
def _refusals(what: str) -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

    try:
        yield
    except ClientError as no:
        code = no.response["Error"]["Code"]
        message = " ".join(str(no.response["Error"].get("Message", "")).split())
        raise RemoteRefusedError(
            f"AWS refused {what}: {code}: {message}", hint=HINTS.get(code, "")
        ) from None
    except NoCredentialsError:
        raise ConfigurationError(
            "there are no credentials for AWS", hint="aws sso login, or AWS_PROFILE"
        ) from None
    except NoRegionError:
        raise ConfigurationError("no region of AWS is named", hint="export AWS_REGION") from None
    except BotoCoreError as error:
        raise RemoteRefusedError(
            f"AWS did not answer for {what}: {error}", hint="check the network or proxy"
        ) from None
