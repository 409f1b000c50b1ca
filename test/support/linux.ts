// Owns which tests need what only Linux has: its /proc, its shells and tools. They are skipped elsewhere (`npm test -- anywhere`).

/** As `skip` of a test. */
export const needsLinux = process.platform === 'linux' ? false : 'needs Linux';
