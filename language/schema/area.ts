import { bounds } from './bounds.ts';
import { block, type PropertySchema, type WordSchema } from './types.ts';

function part(name: string, documentation: string, example: string): PropertySchema {
  return { name, type: { kind: 'quantity', dimensions: ['area'], ...bounds.area }, documentation, example };
}

function perByte(memory: string): PropertySchema {
  return {
    name: memory,
    type: { kind: 'quantity', dimensions: ['areaPerByte'], ...bounds.areaPerByte },
    documentation: `Area of ${memory} per byte of its capacity.`,
    example: '0.9 mm2/MiB',
  };
}

const phy = block('PHY', 'The interface to the off-chip memory: its wires on the chip, and the controller.', {
  removable: true,
  properties: [
    {
      ...part('area', 'Area of one interface.', '12 mm2'),
      required: true,
    },
    {
      name: 'bandwidth',
      type: { kind: 'quantity', dimensions: ['bandwidth'], ...bounds.bandwidth },
      documentation:
        'Bandwidth of one interface. The chip has as many as the bandwidth of its memory needs. Default: one interface for any bandwidth.',
      example: '307 GB/s',
    },
  ],
  snippet: 'PHY { area: 12 mm2, bandwidth: 307 GB/s }',
});

/** The areas of the parts of a chip. */
export function areaSchema(precisions: readonly WordSchema[]) {
  const mac = block('mac', 'Area of one multiply-accumulate unit for each precision, with its registers.', {
    properties: precisions.map(({ name }) =>
      part(
        name,
        `Area of one multiply-accumulate unit in ${name}. An element of the array has the larger area of its modes.`,
        '200 um2',
      ),
    ),
  });
  return block(
    'area',
    'Area figures. Reports show the area by part. A part without a figure makes the total unknown. Without this block, no area is reported.',
    {
      removable: true,
      properties: [
        part('vector', 'Area of the vector unit for each operation per cycle.', '2000 um2'),
        perByte('VMEM'),
        perByte('CMEM'),
        perByte('buffer'),
        part('quantizer', 'Area of the quantization unit for each element per cycle.', '500 um2'),
        part('host', 'Area of the link to the host.', '10 mm2'),
        part(
          'other',
          'Area of everything else, such as control and wires. Default: only stated areas are counted.',
          '20 mm2',
        ),
      ],
      blocks: [mac, phy],
      snippet: 'area { mac { bf16: 200 um2 }, vector: 2000 um2, VMEM: 3 mm2/MiB }',
    },
  );
}
