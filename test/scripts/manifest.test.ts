import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const contributes = manifest.contributes;
const client = readdirSync('client', { encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(path.join('client', file), 'utf8'))
  .join('\n');
const commands: readonly string[] = contributes.commands.map(({ command }: { command: string }) => command);

/** The categories of the Marketplace, from the manifest reference of VS Code. */
const categories = ['Programming Languages', 'Visualization', 'Linters', 'Formatters', 'Other'];

describe('the manifest', () => {
  it.each(commands)('%s is registered by the client', (command) => {
    expect(client).toContain(`'${command}'`);
  });

  it('menus, key bindings and the walkthrough use commands that exist', () => {
    const text = JSON.stringify([contributes.menus, contributes.keybindings, contributes.walkthroughs]);
    const used = [...text.matchAll(/(?:"command":"|command:|onCommand:)([\w.]+)/gu)].map(([, command]) => command);
    expect(used.length).toBeGreaterThan(10);
    expect(used.filter((command) => !commands.includes(command ?? ''))).toEqual([]);
  });

  it.each(Object.keys(contributes.configuration.properties))('the setting %s is read', (setting) => {
    // vscode-languageclient reads the setting of its trace.
    if (setting === 'stimpack.trace.server') return;
    expect(client).toContain(`'${setting.replace('stimpack.', '')}'`);
  });

  it('the MCP server is registered by the client', () => {
    const ids = contributes.mcpServerDefinitionProviders.map(({ id }: { id: string }) => id);
    expect(ids).toEqual(['stimpack.agents']);
    for (const id of ids) expect(client).toContain(`'${id}'`);
  });

  it('has what both stores need', () => {
    expect(manifest.private).toBeUndefined();
    expect(manifest.extensionKind).toEqual(['workspace']);
    for (const key of ['repository', 'bugs', 'homepage', 'icon', 'galleryBanner', 'license'])
      expect(manifest, key).toHaveProperty(key);
    expect(categories).toEqual(expect.arrayContaining(manifest.categories));
    expect(manifest.keywords.length).toBeLessThanOrEqual(30);
  });

  it('has an icon of 256 pixels', () => {
    const png = readFileSync(manifest.icon);
    expect([png.toString('latin1', 1, 4), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual(['PNG', 256, 256]);
  });

  it('every file that it names exists', () => {
    const named = [...JSON.stringify(contributes).matchAll(/"(?:\.\/)?((?:client|syntaxes)\/[^"]+)"/gu)];
    expect(named.length).toBeGreaterThan(5);
    for (const [, file = ''] of named) expect(existsSync(file), file).toBe(true);
  });
});

describe('the README in the stores', () => {
  const text = readFileSync('README.md', 'utf8');
  it('has no SVG, which the stores reject', () => {
    expect(text).not.toMatch(/!\[[^\]]*\]\([^)]*\.svg/u);
  });
  it('links only to files that exist', () => {
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/gu))
      expect(existsSync(target), target).toBe(true);
  });
  it('RELEASING.md names every placeholder of the manifest', () => {
    const releasing = readFileSync('RELEASING.md', 'utf8');
    expect(JSON.stringify(manifest)).toContain('your-organization');
    expect(releasing).toContain('`your-organization`');
  });
});
