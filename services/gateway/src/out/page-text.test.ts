import { describe, expect, test } from '@jest/globals';
import { pageText } from './page-text.ts';

const page = `<!doctype html><html><head><title>Census</title><style>p { color: red }</style>
<script>document.write("scripted")</script></head>
<body onload="alert(1)"><nav><a href="/">Home</a></nav>
<h1>The census of&nbsp;2019</h1>
<p>Forty thousand <b>cars</b> stood still
all day &amp; night.<br>Nobody moved&#46;</p>
<ul><li>one<li>two</ul>
<table><tr><td>1</td><td>2</td></tr></table>
</body></html>`;

test('of a page is what it shows, a line for each block', () => {
  expect(pageText(page)).toBe(
    'The census of 2019\nForty thousand cars stood still all day & night.\nNobody moved.\none\ntwo\n1 2',
  );
});

describe('is left out:', () => {
  test.each([
    '<script>hid</script>',
    '<script>if (a < b) document.write("<p>hid</p>")</script>',
    '<style>hid</style>',
    '<!-- hid -->',
    '<!--><p>a</p --> <template>hid</template>',
    '<noscript>hid</noscript>',
    '<iframe srcdoc="hid">hid</iframe>',
    '<svg><text>hid</text></svg>',
    '<textarea>hid</textarea><select><option>hid</select>',
    '<p hidden>hid</p>',
    '<div hidden><p>hid</p><p>hid</div>',
    '<p style="display:none">hid</p>',
    '<p style="color: red; DISPLAY : None !important">hid</p>',
    '<p style="visibility:hidden">hid</p>',
    '<span style="font-size:0">hid</span><span style="font-size: 0.0px">hid</span>',
    '<img alt="hid" src="x" onerror="hid">',
    '<a href="javascript:hid">go</a>',
  ])('%s', (markup) => {
    const text = pageText(`<p>before</p>${markup}<p>after</p>`) ?? '';
    expect(text).not.toContain('hid');
    expect(text).toMatch(/^before\n.*after$/s);
  });

  test('nothing that is small or far down', () => {
    expect(pageText('<p style="font-size:0.8em">kept</p>')).toBe('kept');
    expect(pageText(`${'<div>'.repeat(200)}kept`)).toBe('kept');
  });
});

test('markup that is text stays text', () => {
  expect(pageText('<p>&lt;script&gt;alert(1)&lt;/script&gt; a < b')).toBe('<script>alert(1)</script> a < b');
});

const units = [
  ...['<div>', '<p>x', '<b>', '<a><b><i>', '<table><tr><td>', '<ul><li>', '<svg>', '<select><option>', '<script>'],
  ...[
    '<',
    '&amp;',
    '&#',
    '</p>',
    '<!--',
    '<![CDATA[',
    '<form><div></form>',
    `<p ${'a=1 '.repeat(99)}>`,
    ' \n',
    '<p style="',
  ],
  ...['<p style="display:none">x</p>', `<p style="${'display '.repeat(20)}">`, '\u0000', '<p><table>', 'x'],
];
test.each(units)('a page of nothing but %j is read or refused within seconds', (unit) => {
  const start = performance.now();
  const text = pageText(unit.repeat(Math.ceil(1_048_576 / unit.length)));
  expect(performance.now() - start).toBeLessThan(5_000);
  expect(text === undefined || text.length <= 1_048_576).toBe(true);
});

test('a page that nests deeper than pages do has no text', () => {
  expect(pageText(`${'<div>'.repeat(257)}x`)).toBeUndefined();
});
