import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { smallerZip } from '../../scripts/smaller-zip.ts';

/* An archive as vsce writes it, with sizes behind the data, and one entry that is stored. Its extra fields are not kept. */

const files = [
  { name: 'extension/ä.md', content: 'the same words '.repeat(200), level: 1, flags: 0x808, extra: Buffer.alloc(9) },
  { name: 'extension/raw.bin', content: 'x', level: 0, flags: 0x800, extra: Buffer.alloc(0) },
];

/** Written by hand: no archiver is a dependency. */
function archive(): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, level, flags, extra } of files) {
    const data = level === 0 ? Buffer.from(content) : deflateRawSync(content, { level });
    const behind = (flags & 8) !== 0;
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(flags, 2);
    fields.writeUInt16LE(level === 0 ? 0 : 8, 4);
    fields.writeUInt32LE(0x5a21_8000, 6);
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(Buffer.byteLength(content), 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    fields.writeUInt16LE(extra.length, 24);
    const local = Buffer.from(fields);
    if (behind) local.fill(0, 10, 22);
    const descriptor = behind ? Buffer.concat([Buffer.from('PK\x07\x08', 'latin1'), fields.subarray(10, 22)]) : '';
    const body = [Buffer.from('PK\x03\x04', 'latin1'), local, Buffer.from(name), extra, data, Buffer.from(descriptor)];
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(0x81a4_0000, 6);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), fields, rest, Buffer.from(name), extra);
    bodies.push(...body);
    offset += Buffer.concat(body).length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, central, end]);
}

interface Entry {
  readonly name: string;
  readonly content: string;
  /** Flags, without the one for sizes behind the data; time, size and permissions. */
  readonly fields: string;
}

/** The entries as the directory at the end lists them. Each must agree with the header before its data. */
function entriesOf(zip: Buffer): readonly Entry[] {
  let at = zip.readUInt32LE(zip.length - 6);
  return Array.from({ length: zip.readUInt16LE(zip.length - 12) }, () => {
    const [packed, name, extra] = [zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30)];
    const local = zip.readUInt32LE(at + 42);
    expect(zip.readUInt32LE(local)).toBe(0x0403_4b50);
    expect(zip.toString('hex', local + 4, local + 30)).toBe(zip.toString('hex', at + 6, at + 32));
    const start = local + 30 + name + extra;
    const data = zip.subarray(start, start + packed);
    const content = zip.readUInt16LE(at + 10) === 8 ? inflateRawSync(data) : data;
    expect(crc32(content)).toBe(zip.readUInt32LE(at + 16));
    const entry = {
      name: zip.toString('utf8', at + 46, at + 46 + name),
      content: content.toString('utf8'),
      fields: [
        zip.readUInt16LE(at + 8),
        zip.readUInt32LE(at + 12),
        zip.readUInt32LE(at + 24),
        zip.readUInt32LE(at + 38),
      ].join(' '),
    };
    at += 46 + name + extra;
    return entry;
  });
}

test('an archive is packed again: smaller, with the same files, times and permissions', () => {
  const before = archive();
  const after = smallerZip(before);
  expect(entriesOf(after)).toEqual(
    files.map(({ name, content }) => ({
      name,
      content,
      fields: `${0x800} ${0x5a21_8000} ${content.length} ${0x81a4_0000}`,
    })),
  );
  expect(after.length).toBeLessThan(before.length);
  expect(smallerZip(after).equals(after)).toBe(true);
});

test.each<[string, Buffer]>([
  ['an empty file', Buffer.alloc(0)],
  ['an archive that is cut off', archive().subarray(0, -1)],
  ['something else', Buffer.alloc(100)],
])('%s is refused', (_, bytes) => {
  expect(() => smallerZip(bytes)).toThrow('not a zip archive');
});
