import type { Attribute, GraphBody } from './graph.ts';

/** The tensors that the bodies in `attributes` read but do not make. They belong to the surrounding graphs. */
export function capturedBy(attributes: ReadonlyMap<string, Attribute>): readonly string[] {
  const captured = new Set<string>();
  for (const { graph } of attributes.values()) {
    if (graph === undefined) continue;
    const made = madeBy(graph);
    for (const { inputs, captured: deeper } of graph.nodes) {
      for (const name of inputs) if (name !== '' && !made.has(name)) captured.add(name);
      for (const name of deeper) if (!made.has(name)) captured.add(name);
    }
    for (const { name } of graph.outputs) if (!made.has(name)) captured.add(name);
  }
  return [...captured];
}

/** The tensors that belong to the body itself. */
export function madeBy(body: GraphBody): ReadonlySet<string> {
  const made = new Set<string>(body.initializers.keys());
  for (const { name } of body.inputs) made.add(name);
  for (const { outputs } of body.nodes) for (const name of outputs) made.add(name);
  return made;
}
