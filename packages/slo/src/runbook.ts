const folder = 'docs/runbooks';

/** `GatewayDown` has its page in `docs/runbooks/gateway-down.md`. */
export function runbookOf(alert: string): string {
  return `${folder}/${alert.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()}.md`;
}

/**
 * Address of the page for the operator whom the alert wakes.
 * @param runbooks where the folder of the pages is read
 * @throws RangeError: that is no address that a browser opens
 */
export function runbookUrl(runbooks: string, alert: string): string {
  if (!URL.canParse(runbooks) || !/^https?:$/.test(new URL(runbooks).protocol)) {
    throw new RangeError(`The runbooks are at "${runbooks}", expected https://…`);
  }
  return `${runbooks.replace(/\/$/, '')}${runbookOf(alert).slice(folder.length)}`;
}
