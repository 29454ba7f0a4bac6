/** Style of operate, after that of the whole console. */
export const operateStyle = '';
