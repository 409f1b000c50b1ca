/** The file in the workbench's folder in which `suite/start.ts` leaves what it measured, for the script that opened the workbench. */
export const RESULT = 'start.json';
