import { execFileSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { KafkaSasl } from '@parley/bus/kafka';
import { kafkaEnv, readEnv } from '../src/index.ts';
import { kafkaConnection } from '../src/kafka-connection.ts';
import { type AwsCredentials, createMskToken } from '../src/msk-token.ts';

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const region = 'eu-west-1';
const now = () => new Date('2026-01-02T03:04:05Z');
const urlOf = (token: string) => new URL(Buffer.from(token, 'base64url').toString());

function signed(credentials: AwsCredentials) {
  return createMskToken({ region, userAgent: 'parley/test', now, credentials: async () => credentials })();
}

/** What AWS computes to check a presigned URL. Source: Signature Version 4, "Create a signed request", in its steps. */
function signatureOf({ host, searchParams }: URL, secret: string): string {
  const encoded = [...searchParams]
    .filter(([key]) => key !== 'X-Amz-Signature' && key !== 'User-Agent')
    .map((pair) => pair.map(encodeURIComponent).join('='))
    .sort();
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const request = ['GET', '/', encoded.join('&'), `host:${host}`, '', 'host', sha256('')].join('\n');
  const [, date = '', ...scope] = searchParams.get('X-Amz-Credential')?.split('/') ?? [];
  const toSign = ['AWS4-HMAC-SHA256', searchParams.get('X-Amz-Date'), [date, ...scope].join('/'), sha256(request)];
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const key = [date, ...scope].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, toSign.join('\n')).toString('hex');
}

describe('A token for MSK', () => {
  test('is a URL presigned for the cluster of its region, for a quarter of an hour.', async () => {
    const token = await signed({ ...keys, sessionToken: 'session/+=' });
    expect(token).toMatch(/^[\w-]+$/);
    const url = urlOf(token);
    expect(url.origin + url.pathname).toBe('https://kafka.eu-west-1.amazonaws.com/');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      Action: 'kafka-cluster:Connect',
      'User-Agent': 'parley/test',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKIDEXAMPLE/20260102/eu-west-1/kafka-cluster/aws4_request',
      'X-Amz-Date': '20260102T030405Z',
      'X-Amz-Expires': '900',
      'X-Amz-Security-Token': 'session/+=',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': signatureOf(url, keys.secretAccessKey),
    });
  });

  test('lives no longer than its credentials.', async () => {
    const expiration = new Date(now().getTime() + 60_500);
    expect(urlOf(await signed({ ...keys, expiration })).searchParams.get('X-Amz-Expires')).toBe('60');
  });
});

describe('KAFKA_SASL_MECHANISM=aws-msk-iam', () => {
  const env = { KAFKA_BROKERS: 'b-1:9098', KAFKA_SASL_MECHANISM: 'aws-msk-iam', KAFKA_TLS: 'true', AWS_REGION: region };
  const connect = (settings: Record<string, string>) => kafkaConnection(readEnv(kafkaEnv, settings), 'gateway');
  const names = ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ENDPOINT_URL_STS'] as const;
  const folder = mkdtempSync(join(tmpdir(), 'parley-irsa-'));
  const asked: URLSearchParams[] = [];
  const expiresAt = () => new Date(Date.now() + 3_600_000).toISOString();
  const sts = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    asked.push(new URLSearchParams(body));
    response.setHeader('content-type', 'text/xml').end(`<AssumeRoleWithWebIdentityResponse>
<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>${keys.secretAccessKey}</SecretAccessKey>
<SessionToken>of-the-role</SessionToken><Expiration>${expiresAt()}</Expiration></Credentials></AssumeRoleWithWebIdentityResult>
</AssumeRoleWithWebIdentityResponse>`);
  });

  beforeEach(async () => {
    await once(sts.listen(0, '127.0.0.1'), 'listening');
    const file = join(folder, 'token');
    writeFileSync(file, 'of-the-service-account');
    // As EKS sets it in a pod whose service account has a role.
    Object.assign(process.env, {
      AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/parley-kafka',
      AWS_WEB_IDENTITY_TOKEN_FILE: file,
      AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${(sts.address() as AddressInfo).port}`,
    });
  });
  afterEach(() => {
    for (const name of names) delete process.env[name];
    sts.close();
    rmSync(folder, { recursive: true });
  });

  test('signs with the role of the pod’s service account, which is asked for once.', async () => {
    const { sasl, tls } = connect(env);
    expect([sasl?.mechanism, tls]).toEqual(['oauthbearer', true]);
    const { token } = sasl as Extract<KafkaSasl, { mechanism: 'oauthbearer' }>;
    const urls = [urlOf(await token()), urlOf(await token())];
    for (const url of urls) {
      expect(url.searchParams.get('X-Amz-Credential')).toMatch(/^ASIAEXAMPLE\/\d{8}\/eu-west-1\/kafka-cluster\//);
      expect(url.searchParams.get('X-Amz-Security-Token')).toBe('of-the-role');
      expect(url.searchParams.get('X-Amz-Signature')).toBe(signatureOf(url, keys.secretAccessKey));
    }
    expect(asked.map((each) => Object.fromEntries(each))).toMatchObject([
      {
        Action: 'AssumeRoleWithWebIdentity',
        RoleArn: 'arn:aws:iam::111122223333:role/parley-kafka',
        RoleSessionName: 'parley',
        WebIdentityToken: 'of-the-service-account',
      },
    ]);
  });
});

describe('What "aws-msk-iam" needs', () => {
  test.each([
    ['AWS_REGION', { KAFKA_TLS: 'true' }],
    ['KAFKA_TLS', { AWS_REGION: region }],
  ])('%s is named where it is missing.', (name, settings) => {
    const env = { KAFKA_BROKERS: 'b-1:9098', KAFKA_SASL_MECHANISM: 'aws-msk-iam', ...settings };
    expect(() => kafkaConnection(readEnv(kafkaEnv, env), 'gateway')).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(name) }),
    );
  });

  test('of the AWS SDK is not loaded before.', () => {
    const host = new URL('../src/host.ts', import.meta.url).href;
    const script = `import { createRequire } from 'node:module';
import { kafkaConnection } from ${JSON.stringify(host)};
kafkaConnection(${JSON.stringify({ KAFKA_BROKERS: [], KAFKA_SASL_MECHANISM: 'aws-msk-iam', KAFKA_TLS: 'true', AWS_REGION: region })}, 'x');
console.log(Object.keys(createRequire(${JSON.stringify(host)}).cache).filter((file) => /@aws-sdk|@smithy/.test(file)).length);`;
    const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script];
    expect(execFileSync(process.execPath, args, { encoding: 'utf8' }).trim()).toBe('0');
  });
});
