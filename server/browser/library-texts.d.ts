/** The build puts the texts of library/ here, by their names: "stimpack/tpuv4i". */
declare module 'library-texts' {
  export const texts: Readonly<Record<string, string>>;
}
