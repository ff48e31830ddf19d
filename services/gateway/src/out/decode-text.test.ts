import { describe, expect, test } from '@jest/globals';
import { decodeText } from './decode-text.ts';

const cars = 'Vierzigtausend Autos standen, größer als je: „naïve“ café';
const latin = (text: string) => Buffer.from(text, 'latin1');
const russian = 'Сорок тысяч машин стояли весь день, и никто не двигался.';
/** Bytes of windows-1251, where the letters А to я are 0xC0 to 0xFF. Source: WHATWG Encoding, index-windows-1251. */
const cp1251 = (text: string) =>
  Buffer.from(
    [...text].map((one) => {
      const code = one.codePointAt(0) ?? 0;
      return code >= 0x410 && code <= 0x44f ? code - 0x410 + 0xc0 : code;
    }),
  );
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
const withMark = (bytes: Buffer, ...mark: number[]) => Buffer.concat([Buffer.from(mark), bytes]);

describe('a text is read', () => {
  test.each([
    ['as UTF-8 where it is', Buffer.from(cars), undefined, cars],
    ['as UTF-8 with its mark, which is no part of it', withMark(Buffer.from(cars), 0xef, 0xbb, 0xbf), undefined, cars],
    ['as UTF-16 by its mark, little end first', withMark(Buffer.from(cars, 'utf16le'), 0xff, 0xfe), undefined, cars],
    ['as UTF-16 by its mark, big end first', withMark(utf16be(cars), 0xfe, 0xff), undefined, cars],
    ['by its mark, whatever HTTP says', withMark(Buffer.from(cars, 'utf16le'), 0xff, 0xfe), 'utf-8', cars],
    ['as UTF-16 without a mark', Buffer.from(cars, 'utf16le'), undefined, cars],
    ['as UTF-16 without a mark, big end first', utf16be(cars), undefined, cars],
    ['as what HTTP says', cp1251(russian), 'windows-1251', russian],
    ['as Latin-1, which nobody named', latin('größer, naïve café'), undefined, 'größer, naïve café'],
    ['as windows-1251, which nobody named', cp1251(russian), undefined, russian],
    ['as nothing where there is nothing', Buffer.alloc(0), undefined, ''],
  ])('%s', (_, bytes, named, text) => {
    expect(decodeText(bytes, named, false)).toEqual({ ok: true, text });
  });

  test('of a page by what the page says, and by HTTP before that', () => {
    const page = (charset: string, text: string) => cp1251(`<meta charset="${charset}"><p>${text}`);
    const read = (bytes: Buffer, named?: string) => decodeText(bytes, named, true);
    expect(read(page('windows-1251', 'Да'))).toMatchObject({ text: expect.stringContaining('Да') });
    expect(read(page('iso-8859-1', 'Да'), 'windows-1251')).toMatchObject({ text: expect.stringContaining('Да') });
    expect(read(page('utf-16', 'Yes'))).toMatchObject({ text: expect.stringContaining('Yes') });
  });
});

describe('a text is refused', () => {
  test.each([
    ['UTF-8 that is none', latin('caf\xe9'), 'utf-8', 'is said to be written in utf-8, and has bytes that are not'],
    ['half a character', Buffer.from([0xd8, 0x41]), 'utf-16be', 'is said to be written in utf-16be'],
    ['an encoding of nobody', Buffer.from('x'), 'klingon', 'is written in klingon, which is unknown here'],
  ])('instead of being shown with holes in it: %s', (_, bytes, named, reason) => {
    expect(decodeText(bytes, named, false)).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });
});
