"""Signs in for schemathesis, and again before the token is over: a run lasts longer than one (docs/security.md)."""

import json
import os
import urllib.request

import schemathesis

# A token is good for ten minutes at most.
AGAIN_SECONDS = 240


@schemathesis.auth(refresh_interval=AGAIN_SECONDS)
class Bearer:
    def get(self, case, context):
        account = {"email": os.environ["GARI_EMAIL"], "password": os.environ["GARI_PASSWORD"]}
        request = urllib.request.Request(
            os.environ["GARI_API"] + "/auth/login",
            data=json.dumps(account).encode(),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)["access_token"]

    def set(self, case, data, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"
