/** Style of write, after that of the whole console. */
export const writeStyle = '';
