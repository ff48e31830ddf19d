import { Parser } from 'htmlparser2';

/** Elements whose content nobody reads as text: code, form fields, what stands in for something else, ways around a site. */
const unread = new Set(
  (
    'button canvas datalist embed frameset iframe input math nav noembed noframes noscript object option script select ' +
    'style svg template textarea title'
  ).split(' '),
);

/** Elements that stand on lines of their own, by the style sheet of HTML (WHATWG, §15.3). */
const blocks = new Set(
  (
    'address article aside blockquote body br caption dd details div dl dt fieldset figcaption figure footer form h1 h2 ' +
    'h3 h4 h5 h6 header hgroup hr li main ol p pre section summary table tr ul'
  ).split(' '),
);

/** Style attributes that hide an element. Style sheets are not read, so a class may hide what is taken here. */
const hiding =
  /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?![.\d]*[1-9]))/i;

/** Most elements within each other. Pages stay below 100; the parser's time grows with the square of the depth. */
const maxDepth = 256;

/**
 * The text that a page shows, a line for each of its blocks; undefined when its elements nest deeper than pages do. Nothing in the page
 * is run or fetched. What its markup hides is left out: comments, hidden elements, scripts, form fields, navigation.
 */
export function pageText(html: string): string | undefined {
  let text = '';
  let depth = 0;
  /** The depth of the element that is not read, with everything in it. */
  let unreadFrom: number | undefined;
  const parser = new Parser({
    onopentag(name, { hidden, style = '' }) {
      depth += 1;
      if (depth > maxDepth) parser.pause();
      if (unreadFrom === undefined && (unread.has(name) || hidden !== undefined || hiding.test(style))) {
        unreadFrom = depth;
      }
      if (unreadFrom !== undefined) return;
      if (blocks.has(name)) text += '\n';
      if (name === 'td' || name === 'th') text += ' ';
    },
    ontext(part) {
      if (unreadFrom === undefined) text += part.replace(/\s+/g, ' ');
    },
    onclosetag(name) {
      if (unreadFrom === depth) unreadFrom = undefined;
      else if (unreadFrom === undefined && blocks.has(name)) text += '\n';
      depth -= 1;
    },
  });
  parser.write(html);
  if (depth > maxDepth) return undefined;
  parser.end();
  return text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n[ \n]*/g, '\n')
    .trim();
}
