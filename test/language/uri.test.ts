import { expect, test } from 'vitest';
import { normalUri, relativePath } from '../../language/index.ts';
import { resolveUri } from '../../language/uri.ts';

test.each([
  // Windows paths as clients write them.
  ['file:///C:/work/a.npu', 'file:///c:/work/a.npu'],
  ['file:///c%3A/work/a.npu', 'file:///c:/work/a.npu'],
  ['file:///C%3a/work/a.npu', 'file:///c:/work/a.npu'],
  ['file://C:/work/a.npu', 'file:///c:/work/a.npu'],
  ['file:///c:\\work\\a.npu', 'file:///c:/work/a.npu'],
  ['FILE:///c:/work/a.npu', 'file:///c:/work/a.npu'],
  ['file://Server/Share/a.npu', 'file://server/Share/a.npu'],
  ['file://localhost/home/a.npu', 'file:///home/a.npu'],
  ['file:/home/a.npu', 'file:///home/a.npu'],
  // Characters that one client encodes and another does not.
  ['file:///d/tpu%40v2.npu', 'file:///d/tpu@v2.npu'],
  ['file:///d/net%281%29.npu', 'file:///d/net(1).npu'],
  ['file:///d/a%2Cb.npu', 'file:///d/a,b.npu'],
  ['file:///d/it%27s.npu', "file:///d/it's.npu"],
  ['file:///d/a b.npu', 'file:///d/a%20b.npu'],
  ['file:///d/a%20b.npu', 'file:///d/a%20b.npu'],
  ['file:///d/a&b[1]^.npu', 'file:///d/a&b%5B1%5D%5E.npu'],
  ['file:///d/50%25.npu', 'file:///d/50%25.npu'],
  ['file:///d/a%23b%3Fc.npu', 'file:///d/a%23b%3Fc.npu'],
  ['file:///d/%e4%b8%ad.npu', 'file:///d/%E4%B8%AD.npu'],
  ['file:///d/中.npu', 'file:///d/%E4%B8%AD.npu'],
  // Composed and decomposed letters are two names, because only a disk can decide whether they are one.
  ['file:///d/caf%C3%A9.npu', 'file:///d/caf%C3%A9.npu'],
  ['file:///d/cafe%CC%81.npu', 'file:///d/cafe%CC%81.npu'],
  // Not UTF-8, and not an escape.
  ['file:///d/%ff.npu', 'file:///d/%25ff.npu'],
  ['file:///d/%zz.npu', 'file:///d/%25zz.npu'],
  ['file:///d/a%2Fb.npu', 'file:///d/a%2Fb.npu'],
  ['file:///d/./x/../a.npu', 'file:///d/a.npu'],
  ['file:///d/x/%2E%2E/a.npu', 'file:///d/a.npu'],
  ['file:///d/', 'file:///d/'],
  ['file:///', 'file:///'],
  // An opaque URI.
  ['untitled:Untitled-1', 'untitled:Untitled-1'],
  ['git:/d/a.npu?%7B%22ref%22%3A%22~%22%7D', 'git:/d/a.npu?%7B%22ref%22%3A%22~%22%7D'],
  ['no uri', 'no uri'],
])('the normal form of %s', (uri, normal) => {
  expect(normalUri(uri)).toBe(normal);
  expect(normalUri(normal)).toBe(normal);
});

test.each([
  ['file:///d/main.npu', './tpu@v2.npu', 'file:///d/tpu@v2.npu'],
  ['file:///d/main.npu', './50%.npu', 'file:///d/50%25.npu'],
  ['file:///d/main.npu', '../a b#c.npu', 'file:///a%20b%23c.npu'],
  ['file:///c%3A/d/main.npu', './a.npu', 'file:///c:/d/a.npu'],
  ['file:///d/main.npu', 'C:/x/a.npu', 'file:///c:/x/a.npu'],
  ['file:///d/main.npu', 'C:\\x\\a.npu', 'file:///c:/x/a.npu'],
  ['file:///d/main.npu', '/x/a.npu', 'file:///x/a.npu'],
  ['file:///d/main.npu', 'file:///c%3A/x/a.npu', 'file:///c:/x/a.npu'],
  ['untitled:/d/new.npu', './a.npu', 'file:///d/a.npu'],
  ['untitled:Untitled-1', './a.npu', 'untitled:a.npu'],
])('from %s, "%s" is %s', (base, path, uri) => {
  expect(resolveUri(base, path)).toBe(uri);
});

test.each([
  ['file:///d/main.npu', 'file:///d/tpu%40v2.npu', 'tpu@v2.npu'],
  ['file:///d/main.npu', 'file:///d/x/50%25.npu', 'x/50%.npu'],
  ['file:///C:/d/main.npu', 'file:///c%3A/e/a.npu', '../e/a.npu'],
  ['file:///d/main.npu', 'file:///d/%ff.npu', '%ff.npu'],
  ['file:///d/main.npu', 'untitled:a', undefined],
])('from %s, %s is named "%s"', (base, target, path) => {
  expect(relativePath(base, target)).toBe(path);
});
