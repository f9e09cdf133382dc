import type { Findings } from './findings.ts';
import { type Curve, cmemMebibytes, guards, hbmGigabytes, holds, policyLoad, rates, tightness } from './sensitivity.ts';
import { nearIdeal } from './serving.ts';
import { type Scheme, schemeNames, schemes } from './subjects.ts';
import { barChart, lineChart, type Series } from './svg.ts';
import type { Traffic } from './traffic.ts';

/** The text of each plot, by its file name below docs/images. */
export type Plots = ReadonlyMap<string, string>;

const rivals = schemes.filter((scheme) => scheme !== 'tpuv4i');

/** The largest load of a scheme divided by TPUv4i's; null if either has none. */
export function loadRatio(findings: Findings, subject: string, traffic: Traffic, scheme: Scheme): number | null {
  const found = findings.serving.find((one) => one.subject === subject && one.traffic === traffic);
  const base = found?.load.tpuv4i.at?.rps;
  const own = found?.load[scheme].at?.rps;
  return base === undefined || own === undefined ? null : own / base;
}

/** The same ratio for Stimpack (on-chip) if its accuracy must stay near that of base mode. */
export function accurateRatio(findings: Findings, subject: string, traffic: Traffic): number | null {
  const found = findings.serving.find((one) => one.subject === subject && one.traffic === traffic);
  const base = found?.load.tpuv4i.at?.rps;
  const own = found?.accurate.at?.rps;
  return base === undefined || own === undefined ? null : own / base;
}

function loads(findings: Findings, traffic: Traffic, title: string): string {
  const names = findings.subjects.map((one) => one.name);
  return barChart({
    title,
    yLabel: 'load within the objectives, TPUv4i = 1',
    reference: 1,
    ticks: names,
    series: [
      ...rivals.map((scheme) => ({
        name: schemeNames[scheme],
        values: names.map((name) => loadRatio(findings, name, traffic, scheme)),
      })),
      {
        name: `on-chip, ${nearIdeal * 100} % acc.`,
        values: names.map((name) => accurateRatio(findings, name, traffic)),
      },
    ],
  });
}

function service(findings: Findings): string {
  const names = findings.alone.map((one) => one.name);
  const of = (scheme: 'on-chip' | 'off-chip' | 'stored', part: 'first' | 'steady') =>
    names.map((name) => {
      const times = findings.service.get(name);
      return times === undefined ? null : times.tpuv4i.base.seconds / times[scheme][part].seconds;
    });
  return barChart({
    title: 'One request in burst mode',
    yLabel: 'speed, TPUv4i = 1',
    reference: 1,
    ticks: names,
    series: [
      { name: 'on-chip, first', values: of('on-chip', 'first') },
      { name: 'on-chip, steady', values: of('on-chip', 'steady') },
      { name: 'off-chip, first', values: of('off-chip', 'first') },
      { name: 'off-chip, steady', values: of('off-chip', 'steady') },
      { name: 'stored', values: of('stored', 'first') },
    ],
  });
}

const asSeries = (curves: readonly Curve[]): Series[] =>
  curves.map((curve) => ({ name: curve.subject, values: curve.y }));

export function allPlots(findings: Findings): Plots {
  const { hardware } = findings;
  const policy = (what: 'guard' | 'hold') =>
    asSeries(
      findings.policy.map((one) => ({
        subject: one.subject,
        x: what === 'guard' ? guards : holds,
        y: one[what].map((run) => (run === null ? null : run.burstShare * 100)),
      })),
    );
  const speed = 'speed of one request in burst mode, base mode on the same chip = 1';
  return new Map([
    ['reproduction-service.svg', service(findings)],
    ['reproduction-load-poisson.svg', loads(findings, 'poisson', 'Largest load, Poisson arrivals')],
    ['reproduction-load-bursty.svg', loads(findings, 'bursty', 'Largest load, bursty arrivals')],
    [
      'sensitivity-rate.svg',
      lineChart(
        {
          title: 'Quantization unit: the first request after base mode',
          yLabel: speed,
          reference: 1,
          ticks: rates.map(String),
          series: asSeries(hardware.rate),
        },
        'elements per cycle',
      ),
    ],
    [
      'sensitivity-cmem.svg',
      lineChart(
        {
          title: 'CMEM’s capacity: successive requests in burst mode',
          yLabel: speed,
          reference: 1,
          ticks: cmemMebibytes.map(String),
          series: asSeries(hardware.cmem),
        },
        'MiB',
      ),
    ],
    [
      'sensitivity-hbm.svg',
      lineChart(
        {
          title: 'HBM’s bandwidth: successive requests in burst mode',
          yLabel: speed,
          reference: 1,
          ticks: hbmGigabytes.map(String),
          series: asSeries(hardware.hbm),
        },
        'GB/s',
      ),
    ],
    [
      'sensitivity-slo.svg',
      lineChart(
        {
          title: 'Tightness of the latency limit',
          yLabel: 'largest load of Stimpack (on-chip), TPUv4i = 1, Poisson arrivals',
          reference: 1,
          ticks: tightness.map((one) => (one === 1 ? '1' : `1/${one}`)),
          series: asSeries(findings.tightness),
        },
        'of MLPerf’s limit',
      ),
    ],
    [
      'sensitivity-guard.svg',
      lineChart(
        {
          title: `Guard of the scheduler, at ${policyLoad} times TPUv4i’s largest load, bursty arrivals`,
          yLabel: 'requests in burst mode, %',
          ticks: guards.map((one) => `${Math.round(one * 100)} %`),
          series: policy('guard'),
        },
        'of the latency limit',
      ),
    ],
    [
      'sensitivity-hold.svg',
      lineChart(
        {
          title: `Hold of the scheduler, at ${policyLoad} times TPUv4i’s largest load, bursty arrivals`,
          yLabel: 'requests in burst mode, %',
          ticks: holds.map((one) => String(one * 1000)),
          series: policy('hold'),
        },
        'ms',
      ),
    ],
  ]);
}
