import { readIncidentFile } from '../../src/config/incident-file.ts';

/** Bea, Cai and Dan on call in turn, and every target of the ladder is somebody. */
const incidentFile = `
teams:
  payments: { onCall: { startsOn: '2026-03-02', primary: [U0BEA, U0CAI, U0DAN] } }
catchAllTeam: payments
targets: { engineering-manager: U0EVE, vp-engineering: U0FINN, cto: U0GUS, director: U0HAL, team-lead: U0IDA }
services: { payments: { team: payments } }
`;

const { config, problems } = readIncidentFile(incidentFile);
if (!config) throw new Error(JSON.stringify(problems));

export const configuration = config;
