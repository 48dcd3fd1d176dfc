import Type, { type Static } from 'typebox';

/** Which card of a node, by the mapping that names it. */
export const gpuMappingInput = Type.Object(
  {
    mapping: Type.String({
      ...{ pattern: '^[A-Za-z][A-Za-z0-9_-]{1,60}$', examples: ['gpu'] },
      ...{ title: 'Mapping', description: 'Name of the mapping (Datacenter, Resource Mappings).' },
      de: { title: 'Mapping', description: 'Name des Mappings (Rechenzentrum, Resource Mappings).' },
    }),
  },
  { additionalProperties: false },
);
export type GpuMappingInput = Static<typeof gpuMappingInput>;
