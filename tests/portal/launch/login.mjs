// A record system of real parts: oauth2-mock-server signs users in, and a FHIR server behind us keeps the records.
// node login.mjs OAUTH2_MOCK_SERVER_MODULE FHIR_BASE PATIENT_ID FHIR_USER; prints its base URL; ends with its stdin.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const [module, records, patient, user] = process.argv.slice(2);
const { OAuth2Server, Events } = await import(pathToFileURL(module));
const login = new OAuth2Server();
await login.issuer.keys.generate('RS256');
await login.start(0, '127.0.0.1');

const good = new Set();
const asked = new Map();
let base;
login.service.on(Events.BeforeAuthorizeRedirect, (redirect, request) => {
  asked.set(redirect.url.searchParams.get('code'), request.query);
});
login.service.on(Events.BeforeTokenSigning, (token) => {
  token.payload.aud ??= 'fhir-assistant'; // it looks for a client_id, and ours says who it is by a signature
  token.payload.jti = randomUUID(); // two tokens of one second are the same without it
  token.payload.fhirUser = `${base}/${user}`;
});
login.service.on(Events.BeforeResponse, (response, request) => {
  const code = request.body.code;
  if (code) {
    const query = asked.get(code);
    const wanted = query?.aud === base && query?.launch === 'a-launch' && query?.code_challenge_method === 'S256';
    if (!wanted) {
      response.statusCode = 400;
      response.body = { error: 'invalid_grant' };
      return;
    }
    asked.delete(code);
    const context = { patient, need_patient_banner: true, encounter: 'e1', intent: 'review' };
    Object.assign(response.body, context, { scope: query.scope });
  } else {
    delete response.body.scope;
  }
  good.add(response.body.access_token);
});

const configuration = () => ({
  issuer: login.issuer.url,
  jwks_uri: `${login.issuer.url}/jwks`,
  authorization_endpoint: `${login.issuer.url}/authorize`,
  token_endpoint: `${login.issuer.url}/token`,
  revocation_endpoint: `${login.issuer.url}/revoke`,
  code_challenge_methods_supported: ['S256'],
  capabilities: ['launch-ehr', 'sso-openid-connect', 'context-ehr-patient', 'permission-v2', 'permission-offline'],
});

const front = createServer(async (request, answer) => {
  const send = (status, body, type = 'application/json') =>
    answer.writeHead(status, { 'content-type': type }).end(body);
  const path = request.url.slice('/fhir'.length);
  if (path === '/.well-known/smart-configuration') return send(200, JSON.stringify(configuration()));
  if (path === '/end-tokens') return send(200, String(good.size), void good.clear());
  const token = request.headers.authorization?.replace('Bearer ', '');
  if (path !== '/metadata' && !good.has(token)) return send(401, '{}');
  const found = await fetch(records + path, { headers: { accept: 'application/fhir+json' } });
  send(found.status, (await found.text()).replaceAll(records, base), 'application/fhir+json');
});
front.listen(0, '127.0.0.1', () => {
  base = `http://127.0.0.1:${front.address().port}/fhir`;
  console.log(base);
});
process.stdin.resume().on('end', () => process.exit(0));
