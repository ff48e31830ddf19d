/** What the token is good for. Source: Amazon MSK developer guide, "IAM access control". */
const service = 'kafka-cluster';
const action = 'kafka-cluster:Connect';
/** Part of the name that a broker knows a client by. It hangs up if the next token has another one (KIP-368). */
const session = 'parley';
/** The longest that MSK takes. */
const lifetimeSeconds = 900;

/** What signing reads of the AWS SDK's credentials. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export interface MskTokenOptions {
  /** The cluster's, such as eu-west-1. */
  readonly region: string;
  /** Names this program in the cluster's logs. */
  readonly userAgent: string;
  /**
   * Credentials that sign the token; without them what the AWS SDK finds in the standard environment, IRSA's web
   * identity and EKS Pod Identity among it, which the SDK keeps and renews some minutes before their end.
   */
  readonly credentials?: () => Promise<AwsCredentials>;
  readonly now?: () => Date;
}

/**
 * Tokens of Amazon MSK's IAM access control for SASL OAUTHBEARER: a URL presigned by Signature Version 4 for 15 minutes,
 * or what the credentials have left, in base64url without padding. Every call signs anew, which asks nobody. The AWS SDK
 * is loaded by the first call. Source: aws-msk-iam-sasl-signer-js 1.0.3, which depends on older versions of the same.
 */
export function createMskToken(options: MskTokenOptions): () => Promise<string> {
  const { region, userAgent, now = () => new Date() } = options;
  let signing: ReturnType<typeof openSigner> | undefined;
  return async () => {
    signing ??= openSigner(options);
    const hostname = `kafka.${region}.amazonaws.com`;
    const { query = {} } = await (await signing)(hostname, now());
    // Not signed: MSK takes it off before it checks the signature.
    const pairs = Object.entries({ ...query, 'User-Agent': userAgent });
    const text = pairs
      .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`)
      .join('&');
    return Buffer.from(`https://${hostname}/?${text}`).toString('base64url');
  };
}

async function openSigner(options: MskTokenOptions) {
  const [{ SignatureV4 }, { Sha256 }, { defaultProvider }] = await Promise.all([
    import('@smithy/signature-v4'),
    import('@smithy/core/checksum'),
    import('@aws-sdk/credential-provider-node'),
  ]);
  const { region, credentials = defaultProvider({ roleSessionName: session, clientConfig: { region } }) } = options;
  return async (hostname: string, signingDate: Date) => {
    const identity = await credentials();
    const leftMs = (identity.expiration?.getTime() ?? Number.POSITIVE_INFINITY) - signingDate.getTime();
    const expiresIn = Math.max(1, Math.min(lifetimeSeconds, Math.floor(leftMs / 1000)));
    const signer = new SignatureV4({ service, region, credentials: identity, sha256: Sha256, applyChecksum: false });
    const asked = { method: 'GET', protocol: 'https:', hostname, path: '/', headers: { host: hostname } };
    return signer.presign({ ...asked, query: { Action: action } }, { expiresIn, signingDate });
  };
}
