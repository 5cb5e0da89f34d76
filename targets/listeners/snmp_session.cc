#include "targets/listeners/snmp_session.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "targets/listeners/snmp_text.h"
// Descriptors beyond those that a fd_set has room for.
#include <net-snmp/library/large_fd_set.h>

namespace understudy::targets {
namespace {

class Session final : public SnmpSession {
 public:
  explicit Session(void* handle) : handle_(handle) {}
  ~Session() override {
    const std::lock_guard turn(snmp_library());
    snmp_sess_close(handle_);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  int descriptor() const override { return snmp_sess_transport(handle_)->sock; }

  bool get(const std::vector<std::string>& oids) override {
    if (is_waiting_) return false;
    const std::lock_guard turn(snmp_library());
    netsnmp_pdu* const request = snmp_pdu_create(SNMP_MSG_GET);
    for (const std::string& text : oids) {
      const auto parts = oid_from(text + ".0");
      if (!parts.empty()) snmp_add_null_var(request, parts.data(), parts.size());
    }
    is_waiting_ = true;
    if (snmp_sess_async_send(handle_, request, &Session::answered, this) != 0) return true;
    snmp_free_pdu(request);
    finish({{}, "the request could not be sent"});
    return true;
  }

  std::optional<SnmpAnswer> serve() override {
    if (is_waiting_) {
      const std::lock_guard turn(snmp_library());
      netsnmp_large_fd_set readable;
      netsnmp_large_fd_set_init(&readable, descriptor() + 1);
      netsnmp_large_fd_setfd(descriptor(), &readable);
      if (has_bytes()) snmp_sess_read2(handle_, &readable);
      netsnmp_large_fd_set_cleanup(&readable);
      if (is_waiting_) snmp_sess_timeout(handle_);
    }
    return std::exchange(answer_, std::nullopt);
  }

 private:
  bool has_bytes() const {
    char byte = 0;
    return recv(descriptor(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 || errno != EAGAIN;
  }

  void finish(SnmpAnswer answer) {
    is_waiting_ = false;
    answer_ = std::move(answer);
  }

  static int answered(int operation, netsnmp_session*, int, netsnmp_pdu* pdu, void* self) {
    Session& session = *static_cast<Session*>(self);
    if (operation != NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE || pdu == nullptr) {
      session.finish({{}, "it did not answer in time"});
    } else if (pdu->command != SNMP_MSG_RESPONSE || pdu->errstat != SNMP_ERR_NOERROR) {
      session.finish({{}, fmt::format("it answered with the error {}", pdu->errstat)});
    } else {
      session.finish({variables_of(*pdu), ""});
    }
    return 1;  // the request is done with
  }

  void* handle_;
  bool is_waiting_ = false;
  std::optional<SnmpAnswer> answer_;
};

}  // namespace

Result<std::unique_ptr<SnmpSession>> SnmpSession::open(const SnmpPeer& peer) {
  const std::lock_guard turn(snmp_library());
  netsnmp_session words;
  snmp_sess_init(&words);
  std::string address = "udp:" + peer.address;
  std::string community = peer.community;
  words.version = SNMP_VERSION_2c;
  words.peername = address.data();
  words.community = reinterpret_cast<u_char*>(community.data());
  words.community_len = community.size();
  words.retries = 0;
  words.timeout = std::chrono::duration_cast<std::chrono::microseconds>(peer.limit).count();
  void* const handle = snmp_sess_open(&words);
  if (handle == nullptr)
    return fail(peer.where, fmt::format("snmp: {} cannot be asked", peer.address),
                "HOST:PORT of the switch's SNMP agent");
  return std::make_unique<Session>(handle);
}

}  // namespace understudy::targets
