/** Style of staff, after that of the whole console. */
export const staffStyle = '';
