/** What jest's JSON report says of the files it ran, as far as it is read here. */
export interface FileTimes {
  readonly testResults: readonly { readonly name: string; readonly startTime: number; readonly endTime: number }[];
}

/**
 * Test files that took longest, slowest first, a line each: seconds, and the path from the root.
 * @param reports by the folder of their workspace, such as packages/spine
 */
export function slowestFiles(reports: ReadonlyMap<string, FileTimes>, count: number): string[] {
  const files = [...reports].flatMap(([workspace, { testResults }]) =>
    testResults.map(({ name, startTime, endTime }) => {
      // The report may be one of another checkout, out of turbo's cache.
      const [, inside = name] = name.replaceAll('\\', '/').split(`/${workspace}/`);
      return { path: `${workspace}/${inside}`, seconds: (endTime - startTime) / 1000 };
    }),
  );
  files.sort((a, b) => b.seconds - a.seconds || (a.path < b.path ? -1 : 1));
  return files.slice(0, count).map(({ path, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${path}`);
}
