/** The build puts the texts of examples/ here, by their file names. */
declare module 'example-texts' {
  export const texts: Readonly<Record<string, string>>;
}
