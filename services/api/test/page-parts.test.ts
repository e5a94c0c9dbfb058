import { expect, test } from '@jest/globals';
import { foreignPartsOf, partsOf } from './page-parts.js';

const html = (text: string) => ({ path: '/docs/page', type: 'text/html; charset=utf-8', text });
const css = (text: string) => ({ path: '/docs/static/a.css', type: 'text/css', text });

test.each([
  html('<link rel="stylesheet" href="https://fonts.example/css">'),
  html('<script src=//cdn.example/x.js></script>'),
  html("<img alt='>' src='http://img.example/a.png'>"),
  html('<style>body { background: url( "https://img.example/a.png" ) }</style>'),
  html('<div style="background:url(//img.example/a)"></div>'),
  html('<base href="https://base.example/"><script src="x.js"></script>'),
  html('<form action="https://form.example/"></form>'),
  css("@import 'https://fonts.example/css';"),
  css('@font-face { src: url(https://fonts.example/a.woff2) }'),
])('$text loads from another host', (file) => {
  expect(foreignPartsOf(file)).toHaveLength(file.text.includes('<base') ? 2 : 1);
});

test.each([
  html('<a href="https://elsewhere.example">a person clicks</a>'),
  html('<!-- <script src="https://cdn.example/x.js"></script> -->'),
  html('<img src="data:image/png;base64,AA==">'),
  css('/* url(https://fonts.example/a) */ a { mask: url("#m") }'),
  { path: '/x.js', type: 'application/javascript', text: 'fetch("https://elsewhere.example")' },
])('$text does not', (file) => {
  expect(foreignPartsOf(file)).toEqual([]);
});

test('own parts are found where the page says they are', () => {
  expect(partsOf(html('<script src="./static/x.js"></script><link href="/y.css" rel="stylesheet">'))).toEqual([
    '/docs/static/x.js',
    '/y.css',
  ]);
  expect(partsOf(html('<base href="/admin/queues/"><script src="static/x.js"></script>'))).toEqual([
    '/admin/queues/static/x.js',
  ]);
  expect(partsOf(css('a { src: url(../fonts/a.woff2?v=1) }'))).toEqual(['/docs/fonts/a.woff2']);
});
