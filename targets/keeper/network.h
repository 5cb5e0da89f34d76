// A part of the loopback network for one bench. Every bench claims a block 127.A.B.0/24 of its own
// by binding one port in it for as long as the keeper lives, so that no two benches, and no program
// that binds an ephemeral port on 127.0.0.1, ever want the same address: a node may be power-cycled
// and finds its port free again. Ports lie below the kernel's ephemeral range.
#pragma once

#include <cstdint>
#include <string>

#include "harness/error.h"
#include "targets/keeper/channel.h"
#include "targets/wire/capture.h"

namespace understudy::targets {

class LoopbackBlock {
 public:
  /// The first free block from a start that `hint` chooses.
  static Result<LoopbackBlock> claim(std::uint32_t hint);

  /// Node and link are indexes; at most 250 nodes and 2,000 links.
  FrameAddress local(std::size_t node, std::size_t link) const { return address(node, 2 * link); }
  /// For a console over TCP.
  FrameAddress console(std::size_t node) const;
  FrameAddress peer(std::size_t node, std::size_t link) const {
    return address(node, 2 * link + 1);
  }

 private:
  LoopbackBlock(std::uint32_t network, Descriptor claim)
      : network_(network), claim_(std::move(claim)) {}
  FrameAddress address(std::size_t node, std::size_t port) const;

  std::uint32_t network_;
  Descriptor claim_;
};

}  // namespace understudy::targets
