// Machines to begin with. Scores are rough: the chain measures each machine by itself.

export interface Preset {
  name: string;
  /** Score P of all cores. */
  score: number;
  /** Power at full load, in watts. */
  watts: number;
  level: 1 | 2 | 3 | 4 | 5;
}

export const PRESETS: Preset[] = [
  { name: "Small desktop, 4 cores", score: 900, watts: 65, level: 4 },
  { name: "Desktop Core i5 of the 10th generation, 8 cores", score: 2_000, watts: 95, level: 4 },
  { name: "Workstation Xeon E, 8 cores", score: 2_200, watts: 110, level: 2 },
  { name: "Server Xeon, 16 cores", score: 4_200, watts: 190, level: 1 },
  { name: "Server Xeon, 32 cores", score: 8_000, watts: 300, level: 1 },
];
