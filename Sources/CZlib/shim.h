/* Lets Swift import the system's zlib. */
#include <zlib.h>
