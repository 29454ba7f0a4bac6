/** Style of check, after that of the whole console. */
export const checkStyle = '';
