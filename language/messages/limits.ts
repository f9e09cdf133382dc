import { type MessageRegistry, message } from '../../design/index.ts';

/** Programs that exceed a limit. Each message states the limit and a way to stay within it. */
export const limitMessages = {
  nameTooLong: message(
    'name-too-long',
    ({ characters, most }: { characters: number; most: number }) =>
      `This name has ${characters} characters. A name can have at most ${most}. Shorten it.`,
  ),
  variantTooLong: message(
    'name-too-long',
    ({ characters, most }: { characters: number; most: number }) =>
      `This variant has ${characters} characters. Its text is its name in the results, and a name can have at most ${most}. Declare the scheduler separately, and write its name here.`,
  ),
  tooManyFiles: message(
    'too-many-files',
    ({ most }: { most: number }) =>
      `This program imports more than ${most} files. This import and the imports after it are not read. Remove imports that are not used.`,
  ),
  importsTooDeep: message(
    'too-many-files',
    ({ most }: { most: number }) =>
      `This import is at the end of a chain of more than ${most} files, so it is not read. Import the file from the first file of the chain.`,
  ),
  tooManyForeignFiles: message(
    'too-many-files',
    ({ most }: { most: number }) =>
      `This program reads more than ${most} networks and traces from other files. Remove some, or put them into files that are not imported together.`,
  ),
  programLayers: message(
    'too-many-layers',
    ({ most }: { most: number }) =>
      `The networks of this program have more than ${most} layers together, and this network exceeds the limit. Lower a 'repeat', remove a network, or put networks into files that are not imported together.`,
  ),
  programEntries: message(
    'too-many-layers',
    ({ most }: { most: number }) =>
      `The networks of this program repeat more than ${most} entries of their blocks, and this network exceeds the limit. Lower a 'repeat', or remove blocks that contain no layers.`,
  ),
  blocksTooDeep: message(
    'too-many-layers',
    ({ name, most }: { name: string; most: number }) =>
      `Block '${name}' is used inside more than ${most} other blocks. Use fewer levels of blocks.`,
  ),
  layerNames: message(
    'name-too-long',
    ({ most }: { most: number }) =>
      `The names of all layers have more than ${most} characters together. The name of a layer includes the labels of the blocks around it. Shorten the labels, or lower a 'repeat'.`,
  ),
  tooManyServes: message(
    'too-many-serves',
    ({ name, most }: { name: string; most: number }) =>
      `Scenario '${name}' has more than ${most} serves, the most that one scenario simulates. Merge serves of the same model into one with the sum of their rates, or split the scenario.`,
  ),
  tooManyObjectives: message(
    'too-many-objectives',
    ({ most }: { most: number }) =>
      `The serves of this scenario have more than ${most} objectives. Remove objectives that another one includes, or split the scenario.`,
  ),
  scenarioRows: message(
    'too-large-tables',
    (p: { name: string; rows: number; chips: number; most: number }) =>
      `Scenario '${p.name}' needs ${p.rows} rows in its service tables: layers x 'batch { max }' of each serve, ${p.chips === 1 ? 'for one chip' : `for each of ${p.chips} chips`}. At most ${p.most} are computed. Lower 'batch { max }', or serve smaller networks.`,
  ),
  programRows: message(
    'too-large-tables',
    (p: { name: string; rows: number; most: number }) =>
      `With scenario '${p.name}', the scenarios of this program need ${p.rows} rows in their service tables. At most ${p.most} are computed. Put scenarios into another file, or lower 'batch { max }'.`,
  ),
  tooManyRuns: message(
    'too-many-runs',
    ({ most }: { most: number }) =>
      `This program has more than ${most} simulations, one for each scenario and one for each variant in 'compare'. Use 'explore' for a sweep, or split the file.`,
  ),
  tooManyAxes: message(
    'too-many-designs',
    ({ count, most }: { count: number; most: number }) =>
      `This exploration varies ${count} properties. At most ${most} may vary. Remove some 'vary' lines.`,
  ),
  tooManyExplorations: message(
    'too-many-designs',
    ({ most }: { most: number }) =>
      `This program has more than ${most} explorations. Put the others into a file that imports this one.`,
  ),
} satisfies MessageRegistry;
