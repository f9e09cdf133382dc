/** What `stimpack init` writes and *New Design...* offers: a design that runs, with the lines that a person changes first. A test runs it. */
export const starterDesign = `// A chip, a network, its traffic and its objectives.
// Check it: stimpack check design.npu      Run it: stimpack run design.npu
import "stimpack/tpuv4i"
import "stimpack/resnet50"

let peak = 2000 rps

// Start from a chip of the library and change some values.
npu Mine extends TPUv4i {
  HBM { bandwidth: 800 GB/s }
}

scenario Rush {
  npu: Mine
  serve ResNet50 {
    arrivals: poisson(peak)
    batch { max: 8, timeout: 1 ms }
    slo {
      p99 latency <= 15 ms
    }
  }
}
`;
