// The C++ reference's side: pdqHash256FromFile as published, with CImg decoding through libjpeg in this process.
//
// Answers `time` with a line of nanoseconds of processor time, one a file, and `signals` with a line a file.

#include <time.h>

#include <iostream>
#include <string>

#include <pdq/cpp/io/pdqio.h>

static long long cpu_ns() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int main(int count, char** paths) {
  std::string line;
  while (std::getline(std::cin, line)) {
    for (int i = 1; i < count; i++) {
      facebook::pdq::hashing::Hash256 hash;
      int quality, size;
      float read_s, hash_s;
      const long long start = cpu_ns();
      if (!facebook::pdq::hashing::pdqHash256FromFile(paths[i], hash, quality, size, read_s, hash_s)) {
        return 1;
      }
      const long long spent = cpu_ns() - start;
      if (line == "time") {
        std::cout << spent << (i + 1 < count ? " " : "\n");
      } else {
        std::cout << quality << " " << hash.format() << "\n";
      }
    }
    std::cout.flush();
  }
  return 0;
}
