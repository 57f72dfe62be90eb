// oidc-provider, for OAuth 2.0 and OpenID Connect. The first line of standard input
// holds clients and people as JSON; more clients register themselves (RFC 7591). It
// ends when its input does.
import * as crypto from "node:crypto";
import * as http from "node:http";
import * as readline from "node:readline";

import { Provider } from "oidc-provider";
import { createMemoryAdapter } from "oidc-provider/lib/adapters/memory_adapter.js";

const input = readline.createInterface({ input: process.stdin });
input.on("close", () => process.exit(0));
const settings = JSON.parse(await new Promise((resolve) => input.once("line", resolve)));

const server = http.createServer();
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

// What it has to know by name, beyond what it offers unasked.
const signing = ["RS", "PS", "ES", "HS"].flatMap((kind) => [256, 384, 512].map((n) => kind + n));
signing.push("EdDSA", "Ed25519");
const encryption = ["RSA-OAEP", "RSA-OAEP-256", "dir"].concat(
  ["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"],
  ["A128KW", "A192KW", "A256KW", "A128GCMKW", "A192GCMKW", "A256GCMKW"],
);
const content = ["A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512", "A128GCM", "A192GCM", "A256GCM"];

function newKeys() {
  const kinds = [["rsa", { modulusLength: 2048 }], ["ed25519", {}]].concat(
    ["P-256", "P-384", "P-521"].map((namedCurve) => ["ec", { namedCurve }]),
  );
  return kinds.map(([kind, options]) => {
    const { privateKey } = crypto.generateKeyPairSync(kind, options);
    return { ...privateKey.export({ format: "jwk" }), use: "sig" };
  });
}

const profile = (sub) => ({
  sub,
  name: sub[0].toUpperCase() + sub.slice(1),
  email: `${sub}@example.org`,
});

// By itself it leaves at_hash out of the code flow, where it is optional; it hashes what
// stands there. The identifier of an opaque access token is the token.
const hashed = (use, ctx) =>
  use === "id_token" ? { at_hash: ctx.oidc.entities.AccessToken.jti } : {};

const configuration = {
  // Made here, so that it outlives a provider whose keys are taken away.
  adapter: createMemoryAdapter(),
  clients: settings.clients,
  cookies: { keys: [crypto.randomBytes(16).toString("hex")] },
  scopes: ["openid", "offline_access", ...settings.scopes],
  claims: { openid: ["sub", "at_hash"], profile: ["name"], email: ["email"] },
  acrValues: ["silver", "gold"],
  enabledJWA: {
    clientAuthSigningAlgValues: signing,
    idTokenSigningAlgValues: signing,
    idTokenEncryptionAlgValues: encryption,
    idTokenEncryptionEncValues: content,
    userinfoSigningAlgValues: signing,
    userinfoEncryptionAlgValues: encryption,
    userinfoEncryptionEncValues: content,
  },
  findAccount: (ctx, sub) =>
    settings.people.includes(sub)
      ? { accountId: sub, claims: async (use) => ({ ...profile(sub), ...hashed(use, ctx) }) }
      : undefined,
  features: {
    backchannelLogout: { enabled: true },
    claimsParameter: { enabled: true },
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    encryption: { enabled: true },
    introspection: { enabled: true },
    jwtUserinfo: { enabled: true },
    registration: { enabled: true },
    revocation: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  // Its own way of connecting refuses loopback, where the tests' applications are.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  pkce: { required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: async (ctx, client) => client.grantTypeAllowed("refresh_token"),
  acceptQueryParamAccessTokens: true,
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  renderError: (ctx, out) => {
    ctx.type = "json";
    ctx.body = out;
  },
  // AccessToken, RefreshToken and the rest: an hour is longer than any test.
  ttl: Object.fromEntries(
    ["AccessToken", "ClientCredentials", "RefreshToken", "Session", "Grant", "Interaction",
      "IdToken", "AuthorizationCode"].map((name) => [name, 3600]),
  ),
};

const page =
  "<!doctype html><title>oidc-provider</title><form method='post'><input name='user'>" +
  "<input name='acr'><input name='seconds_ago'>" +
  "<button name='decision' value='approve'>Approve</button>" +
  "<button name='decision' value='deny'>Deny</button></form>";

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

async function decide(provider, ctx) {
  const form = await body(ctx.req);
  const user = form.get("user");
  if (form.get("decision") !== "approve" || !settings.people.includes(user)) {
    return { error: "access_denied", error_description: "The person said no." };
  }
  const { params } = await provider.interactionDetails(ctx.req, ctx.res);
  const grant = new provider.Grant({ accountId: user, clientId: params.client_id });
  if (params.scope) grant.addOIDCScope(params.scope);
  const asked = Object.values(JSON.parse(params.claims ?? "{}"));
  grant.addOIDCClaims(asked.flatMap(Object.keys));
  const ts = Math.floor(Date.now() / 1000) - Number(form.get("seconds_ago"));
  const login = { accountId: user, acr: form.get("acr") || undefined, ts };
  return { login, consent: { grantId: await grant.save() } };
}

// The API is a resource server beside the provider: it reads RFC 6750 headers.
async function api(provider, ctx) {
  const [, value] = /^bearer (\S+)$/i.exec(ctx.get("authorization")) ?? [];
  const token =
    value &&
    ((await provider.AccessToken.find(value)) ?? (await provider.ClientCredentials.find(value)));
  if (!token?.isValid) {
    ctx.status = 401;
    ctx.set("WWW-Authenticate", 'Bearer error="invalid_token"');
    ctx.body = { error: "invalid_token" };
    return;
  }
  ctx.body = { ...profile(token.accountId ?? token.clientId), scope: token.scope ?? "" };
}

let answer;

function start() {
  const provider = new Provider(issuer, { ...configuration, jwks: { keys: newKeys() } });
  provider.use(async (ctx, next) => {
    if (ctx.path === "/api/me") {
      await api(provider, ctx);
    } else if (ctx.path === "/rotate-keys" && ctx.method === "POST") {
      start();
      ctx.status = 204;
    } else if (ctx.path.startsWith("/interaction/") && ctx.method === "POST") {
      const result = await decide(provider, ctx);
      await provider.interactionFinished(ctx.req, ctx.res, result);
      ctx.respond = false;
    } else if (ctx.path.startsWith("/interaction/")) {
      ctx.type = "html";
      ctx.body = page;
    } else {
      await next();
    }
  });
  answer = provider.callback();
}

start();
server.on("request", (request, response) => {
  const { method, url } = request;
  const { end } = response;
  // Before the answer leaves, so that whoever has it finds the line.
  response.end = (...rest) => {
    const path = url.split("?")[0];
    console.error(JSON.stringify({ method, path, status: response.statusCode }));
    return end.apply(response, rest);
  };
});
server.on("request", (request, response) => answer(request, response));
console.log(JSON.stringify({ base_url: issuer }));
