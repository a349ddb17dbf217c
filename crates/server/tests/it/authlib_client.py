"""A client nobody here wrote the library of: runs every grant and tries every attack.

It reads the facts from the first line of its input, prints `did ...` for each part, and asks for what only the house
can do: `advance SECONDS` moves the house's clock, `end CLIENT` revokes a client. An answer of one line follows.
"""

import base64
import hashlib
import hmac
import json
import re
import sys
from urllib.parse import parse_qs, urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from joserfc import jwt
from joserfc.jwk import KeySet

facts = json.loads(sys.stdin.readline())
BASE, BACK = facts["base"], facts["back"]


def house(order):
    print(order, flush=True)
    assert sys.stdin.readline().strip() == "done"


def did(what):
    print("did", what, flush=True)


def refused(word, attempt):
    """Fails unless the server refuses with this word."""
    try:
        answer = attempt()
    except OAuthError as error:
        assert error.error == word, f"{error.error} instead of {word}"
        return
    raise AssertionError(f"not refused: {answer}")


def me(token):
    return requests.get(f"{BASE}/api/v1/me", headers={"Authorization": f"Bearer {token}"})


def session(client, **more):
    identity, secret = client
    how = "client_secret_basic" if secret else "none"
    return OAuth2Session(
        identity, secret, token_endpoint_auth_method=how, redirect_uri=BACK, code_challenge_method="S256", **more
    )


metadata = AuthorizationServerMetadata(requests.get(f"{BASE}/.well-known/oauth-authorization-server").json())
metadata.validate()
assert metadata["issuer"] == BASE
TOKEN, REVOKE = metadata["token_endpoint"], metadata["revocation_endpoint"]
INTROSPECT, AUTHORIZE = metadata["introspection_endpoint"], metadata["authorization_endpoint"]
assert "password" not in metadata["grant_types_supported"] and "implicit" not in metadata["grant_types_supported"]
did("metadata")

person = requests.Session()
form_proof = None


def allow(address):
    """The person signs in where asked to and allows; answers the address the browser is sent to."""
    global form_proof
    page = person.get(address)
    if "/login" in page.url:
        form_proof = re.search(r'name="_csrf" value="([^"]+)"', page.text).group(1)
        fields = {"_csrf": form_proof, "login": facts["email"], "password": facts["password"]}
        fields["next"] = address[len(BASE):]
        assert person.post(f"{BASE}/login", data=fields).status_code == 200
    answer = person.post(address, data={"_csrf": form_proof, "decision": "allow"}, allow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def authorized(client, scope="read:profile read:quotes"):
    verifier = generate_token(48)
    own = session(client, scope=scope)
    address, state = own.create_authorization_url(AUTHORIZE, code_verifier=verifier)
    back = allow(address)
    answer = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    assert answer["state"] == state and answer["iss"] == BASE, "the answer names who gives it"
    return own, back, verifier


# Every grant.
for name in ("app", "public"):
    own, back, verifier = authorized(facts[name])
    token = own.fetch_token(TOKEN, authorization_response=back, code_verifier=verifier)
    assert token["token_type"] == "Bearer" and token["expires_in"] == 900
    assert me(token["access_token"]).json()["email"] == facts["email"]
    renewed = own.refresh_token(TOKEN, refresh_token=token["refresh_token"])
    assert me(token["access_token"]).status_code == 401 and me(renewed["access_token"]).status_code == 200
    did(f"authorization code and refresh as {name}")

keys = KeySet.import_key_set(requests.get(metadata["jwks_uri"]).json())
read = jwt.decode(renewed["access_token"], keys, algorithms=["RS256"])
rules = jwt.JWTClaimsRegistry(
    leeway=300, iss={"essential": True, "value": BASE}, aud={"essential": True, "value": facts["public"][0]}
)
rules.validate(read.claims)
assert len(read.claims["jti"]) == 80 and "roles" not in read.claims and "permissions" not in read.claims
did("verification with the published keys")

own = session(facts["app"], scope="read:quotes")
alone = own.fetch_token(TOKEN, grant_type="client_credentials")
assert "refresh_token" not in alone and alone["scope"] == "read:quotes"
assert own.introspect_token(INTROSPECT, token=alone["access_token"]).json()["active"] is True
assert own.revoke_token(REVOKE, token=alone["access_token"]).status_code == 200
assert own.introspect_token(INTROSPECT, token=alone["access_token"]).json() == {"active": False}
refused("unauthorized_client", lambda: session(facts["public"]).fetch_token(TOKEN, grant_type="client_credentials"))
did("client credentials, introspection, revocation")

person_of = {"username": facts["email"], "password": facts["password"], "grant_type": "password"}
refused("unauthorized_client", lambda: session(facts["app"]).fetch_token(TOKEN, **person_of))
assert me(session(facts["legacy"]).fetch_token(TOKEN, **person_of)["access_token"]).status_code == 200
for kind in ("implicit", "urn:ietf:params:oauth:grant-type:device_code"):
    refused("unsupported_grant_type", lambda: session(facts["app"]).fetch_token(TOKEN, grant_type=kind))
did("password grant where it is on, nothing implicit")

# Every attack.
own, back, verifier = authorized(facts["app"])
token = own.fetch_token(TOKEN, authorization_response=back, code_verifier=verifier)
refused("invalid_grant", lambda: session(facts["app"]).fetch_token(TOKEN, authorization_response=back, code_verifier=verifier))
assert me(token["access_token"]).status_code == 401, "a replay ends what was made of the code"
did("code replay")

own, back, verifier = authorized(facts["app"])
for wrong in (generate_token(48), "", "a" * 42):
    refused("invalid_grant", lambda: own.fetch_token(TOKEN, authorization_response=back, code_verifier=wrong))
did("wrong verifier")

code = parse_qs(urlsplit(back).query)["code"][0]
for elsewhere in ("https://evil.example/back", f"{BACK}/", f"{BACK}?x=1"):
    refused("invalid_grant", lambda: own.fetch_token(TOKEN, code=code, grant_type="authorization_code", redirect_uri=elsewhere, code_verifier=verifier))
    bad = session(facts["app"], scope="read:profile")
    bad.redirect_uri = elsewhere
    address, _ = bad.create_authorization_url(AUTHORIZE, code_verifier=verifier)
    for answer in (person.get(address, allow_redirects=False), person.post(address, data={"_csrf": form_proof, "decision": "allow"}, allow_redirects=False)):
        assert answer.status_code == 400 and "Location" not in answer.headers
did("redirect mismatch")

refused("invalid_grant", lambda: session(facts["clinics"]).fetch_token(TOKEN, code=code, grant_type="authorization_code", redirect_uri=BACK, code_verifier=verifier))
token = own.fetch_token(TOKEN, authorization_response=back, code_verifier=verifier)
refused("invalid_grant", lambda: session(facts["clinics"]).refresh_token(TOKEN, refresh_token=token["refresh_token"]))
assert me(token["access_token"]).status_code == 401, "a refresh token in foreign hands ends its family"
own, back, verifier = authorized(facts["app"])
token = own.fetch_token(TOKEN, authorization_response=back, code_verifier=verifier)
assert me(token["access_token"]).status_code == 200
bearer = {"Authorization": f"Bearer {token['access_token']}"}
for path in ("/api/v1/provider/reviews", "/api/v1/admin/patients", "/api/v1/admin/oauth/clients", "/api/v1/me/tokens"):
    assert requests.get(BASE + path, headers=bearer).status_code in (401, 403), path
did("mix-up of guards")


def part(value):
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


_, body, signature = token["access_token"].split(".")
key = next(iter(keys.keys))
for word in ("none", "NONE"):
    forged = f"{part(json.dumps({'alg': word, 'typ': 'JWT'}).encode())}.{body}."
    assert me(forged).status_code == 401
did("no algorithm")

for secret in (key.as_pem(private=False), key.as_der(private=False), json.dumps(key.as_dict(private=False)).encode()):
    head = part(json.dumps({"alg": "HS256", "typ": "JWT", "kid": key.kid}).encode())
    mac = hmac.new(secret, f"{head}.{body}".encode(), hashlib.sha256).digest()
    assert me(f"{head}.{body}.{part(mac)}").status_code == 401
assert me(token["access_token"]).status_code == 200
did("the public key as a secret")

first = token["refresh_token"]
second = own.refresh_token(TOKEN, refresh_token=first)
house("advance 10")
refused("invalid_grant", lambda: session(facts["app"]).refresh_token(TOKEN, refresh_token=first))
assert me(second["access_token"]).status_code == 200, "within ten seconds it was a race"
house("advance 1")
refused("invalid_grant", lambda: session(facts["app"]).refresh_token(TOKEN, refresh_token=first))
assert me(second["access_token"]).status_code == 401, "later it was a theft"
refused("invalid_grant", lambda: session(facts["app"]).refresh_token(TOKEN, refresh_token=second["refresh_token"]))
did("refresh replay")

own, back, verifier = authorized(facts["app"])
token = own.fetch_token(TOKEN, authorization_response=back, code_verifier=verifier)
house(f"end {facts['app'][0]}")
assert me(token["access_token"]).status_code == 401
refused("invalid_client", lambda: own.refresh_token(TOKEN, refresh_token=token["refresh_token"]))
did("tokens of a revoked client")
