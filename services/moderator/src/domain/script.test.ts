import { expect, test } from '@jest/globals';
import { scriptOf } from './script.ts';

test.each([
  ['Free buses change how a town moves.', 'latin'],
  ['Les bus gratuits changent la façon dont une ville bouge.', 'latin'],
  ['免费公交会改变一座城市的出行方式。', 'cjk'],
  ['2018年 Dunkirk 取消票价后，客流增加了一半以上。', 'cjk'],
  ['無料バスは街の動きを変える。', 'cjk'],
  ['무료 버스는 도시를 바꾼다.', 'cjk'],
  ['The word 茶 is older than the English language.', 'latin'],
  ['Бесплатные автобусы меняют город.', 'other'],
  ['الحافلات المجانية تغير المدينة', 'other'],
  ['2018: 40 000!', 'latin'],
  ['', 'latin'],
])('%s is %s', (text, script) => {
  expect(scriptOf(text)).toBe(script);
});
