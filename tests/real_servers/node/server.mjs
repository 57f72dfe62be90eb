// oidc-provider as a plain OAuth 2.0 authorization server. The first line of
// standard input holds its clients and people as JSON; it ends when its input does.
import * as crypto from "node:crypto";
import * as http from "node:http";
import * as readline from "node:readline";

import { Provider } from "oidc-provider";

const input = readline.createInterface({ input: process.stdin });
input.on("close", () => process.exit(0));
const settings = JSON.parse(await new Promise((resolve) => input.once("line", resolve)));

const server = http.createServer();
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const { privateKey } = crypto.generateKeyPairSync("rsa", { modulusLength: 2048 });
const profile = (sub) => ({
  sub,
  name: sub[0].toUpperCase() + sub.slice(1),
  email: `${sub}@example.org`,
});

const provider = new Provider(issuer, {
  clients: settings.clients,
  jwks: { keys: [privateKey.export({ format: "jwk" })] },
  cookies: { keys: [crypto.randomBytes(16).toString("hex")] },
  scopes: ["openid", "offline_access", ...settings.scopes],
  claims: { openid: ["sub"], profile: ["name"], email: ["email"] },
  findAccount: (ctx, sub) =>
    settings.people.includes(sub)
      ? { accountId: sub, claims: async () => profile(sub) }
      : undefined,
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
  },
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
});

const page =
  "<!doctype html><title>oidc-provider</title><form method='post'><input name='user'>" +
  "<button name='decision' value='approve'>Approve</button>" +
  "<button name='decision' value='deny'>Deny</button></form>";

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

async function decide(ctx) {
  const form = await body(ctx.req);
  const user = form.get("user");
  if (form.get("decision") !== "approve" || !settings.people.includes(user)) {
    return { error: "access_denied", error_description: "The person said no." };
  }
  const { params } = await provider.interactionDetails(ctx.req, ctx.res);
  const grant = new provider.Grant({ accountId: user, clientId: params.client_id });
  if (params.scope) grant.addOIDCScope(params.scope);
  return { login: { accountId: user }, consent: { grantId: await grant.save() } };
}

// The API is a resource server beside the provider: it reads RFC 6750 headers.
async function api(ctx) {
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

provider.use(async (ctx, next) => {
  if (ctx.path === "/api/me") {
    await api(ctx);
  } else if (ctx.path.startsWith("/interaction/") && ctx.method === "POST") {
    const result = await decide(ctx);
    await provider.interactionFinished(ctx.req, ctx.res, result);
    ctx.respond = false;
  } else if (ctx.path.startsWith("/interaction/")) {
    ctx.type = "html";
    ctx.body = page;
  } else {
    await next();
  }
});

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
server.on("request", provider.callback());
console.log(JSON.stringify({ base_url: issuer }));
