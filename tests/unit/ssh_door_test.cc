// SSH doors against a server by libssh: logins, and whose keys are believed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/doors_fixture.h"
#include "tests/unit/process_fixture.h"
#include "tests/unit/ssh_server.h"

namespace understudy::targets {
namespace {

using testing::HasSubstr;
using testing::Not;

class SshDoor : public testing::Test {
 protected:
  DoorSettings settings_for(const SshServer& server) {
    DoorSettings settings;
    settings.kind = DoorSettings::Kind::Ssh;
    settings.password = ssh_password;
    SshHop hop;
    hop.user = ssh_user;
    hop.host = "127.0.0.1";
    hop.port = server.port();
    hop.known_hosts = known_hosts_.path();
    hop.uses_agent = false;
    settings.hops = {hop};
    return settings;
  }
  void know(const std::string& line) { std::ofstream(known_hosts_.path()) << line; }

  TemporaryLink known_hosts_;
};

TEST_F(SshDoor, LogsInWithAPasswordAndComesBackAfterASessionEnded) {
  SshServer server(SshServer::Asks::Password);
  know(server.known_hosts_line());
  DoorVisitor visitor(settings_for(server));
  visitor.await_open();
  EXPECT_EQ(visitor.await_text("# "), "sw.1 # ");
  visitor.type("show switch\r");
  EXPECT_EQ(visitor.await_text("\r"), "show switch\r");
  server.hang_up();
  visitor.await(Door::Event::Kind::Ended);
  visitor.await_open();
  EXPECT_EQ(visitor.await_text("# "), "sw.1 # ");
  EXPECT_EQ(server.logins(), 2);
}

// A packet that is taken from the socket while another is read must not wait for a third.
TEST_F(SshDoor, ReadsEachPieceWhenItComes) {
  SshServer server(SshServer::Asks::Password);
  server.echo_in_pieces();
  know(server.known_hosts_line());
  DoorVisitor visitor(settings_for(server));
  visitor.await_open();
  EXPECT_EQ(visitor.await_text("# "), "sw.1 # ");
  for (int round = 0; round < 1000 && !HasFailure(); ++round) {
    visitor.type("show switch\r");
    ASSERT_EQ(visitor.await_text("\r"), "show switch\r") << "in round " << round;
  }
}

TEST_F(SshDoor, AnswersTheQuestionsOfAServerThatAsks) {
  SshServer server(SshServer::Asks::Questions);
  know(server.known_hosts_line());
  DoorVisitor visitor(settings_for(server));
  visitor.await_open();
  EXPECT_EQ(visitor.await_text("# "), "sw.1 # ");
}

TEST_F(SshDoor, SaysWhatItTriedWhenTheLoginIsRefused) {
  SshServer server(SshServer::Asks::Password);
  know(server.known_hosts_line());
  DoorSettings settings = settings_for(server);
  settings.password = "wrong horse";
  DoorVisitor visitor(settings);
  const auto failed = visitor.await(Door::Event::Kind::Failed);
  EXPECT_TRUE(failed.is_final);
  EXPECT_THAT(failed.text, HasSubstr("the login was refused; it takes password, tried: password"));
  EXPECT_THAT(failed.text + failed.hint, Not(HasSubstr("horse")));
}

TEST_F(SshDoor, NamesTheKeyFileAndWhyItIsNotTaken) {
  SshServer server(SshServer::Asks::Password);
  know(server.known_hosts_line());
  DoorSettings settings = settings_for(server);
  settings.password = {};
  settings.hops.front().key = known_hosts_.path() + ".key";
  const auto why = [&] { return DoorVisitor(settings).await(Door::Event::Kind::Failed).text; };
  EXPECT_THAT(
      why(), HasSubstr("tried: key " + settings.hops.front().key + " (No such file or directory)"));
  std::ofstream(settings.hops.front().key) << "no key";
  std::filesystem::permissions(settings.hops.front().key, std::filesystem::perms(0600));
  EXPECT_THAT(why(), HasSubstr(" (no private key, or not with this password)"));
}

TEST_F(SshDoor, TakesNoKeyThatOthersCanRead) {
  SshServer server(SshServer::Asks::Password);
  know(server.known_hosts_line());
  DoorSettings settings = settings_for(server);
  const std::string key = settings.hops.front().key = known_hosts_.path() + ".key";
  std::ofstream(key) << "a key";
  std::filesystem::permissions(key, std::filesystem::perms(0644));
  DoorVisitor visitor(settings);
  const auto failed = visitor.await(Door::Event::Kind::Failed);
  EXPECT_TRUE(failed.is_final);
  EXPECT_THAT(failed.text, HasSubstr("key " + key + " can be read by others"));
  EXPECT_EQ(failed.hint, "chmod 600 " + key);
}

TEST_F(SshDoor, SaysWhyNoAgentIsAsked) {
  SshServer server(SshServer::Asks::Password);
  know(server.known_hosts_line());
  DoorSettings settings = settings_for(server);
  settings.password = {};
  settings.hops.front().uses_agent = true;
  const auto why = [&] { return DoorVisitor(settings).await(Door::Event::Kind::Failed).text; };
  unsetenv("SSH_AUTH_SOCK");
  EXPECT_THAT(why(), HasSubstr("tried: agent (SSH_AUTH_SOCK is not set)"));
  setenv("SSH_AUTH_SOCK", "/no/such/agent", 1);
  EXPECT_THAT(why(), HasSubstr("(SSH_AUTH_SOCK: /no/such/agent: No such file or directory)"));
  unsetenv("SSH_AUTH_SOCK");
}

TEST_F(SshDoor, CallsAJumpHostThatIsDeadOne) {
  SshServer server(SshServer::Asks::Password);
  DoorSettings settings = settings_for(server);
  settings.hops.insert(settings.hops.begin(), settings.hops.front());
  EXPECT_THAT(DoorVisitor(settings).await(Door::Event::Kind::Failed).text,
              HasSubstr("the jump host admin@127.0.0.1:" + server.port() + ": its host key"));
  {
    const Listener gone;
    settings.hops.front().port = gone.port();
  }
  EXPECT_THAT(DoorVisitor(settings).await(Door::Event::Kind::Failed).text,
              HasSubstr("the jump host 127.0.0.1:" + settings.hops.front().port));
}

TEST_F(SshDoor, TellsTheStatusOfWhatRanThere) {
  SshServer server(SshServer::Asks::Password);
  know(server.known_hosts_line());
  DoorVisitor visitor(settings_for(server));
  visitor.await_open();
  visitor.await_text("# ");
  server.exit_with(127);
  EXPECT_EQ(visitor.await(Door::Event::Kind::Ended).text,
            "the server closed the SSH session: exit status 127");
}

TEST_F(SshDoor, GoesOnAskingAServerThatAnswers) {
  SshServer server(SshServer::Asks::Password);
  know(server.known_hosts_line());
  DoorSettings settings = settings_for(server);
  settings.keepalive = std::chrono::milliseconds(300);
  DoorVisitor visitor(settings);
  visitor.await_open();
  EXPECT_TRUE(becomes_true([&] { return server.asked_for_life() > 5; }));
  EXPECT_EQ(server.logins(), 1);
}

TEST_F(SshDoor, EndsTheSessionOfAServerThatHangs) {
  SshServer server(SshServer::Asks::Password);
  know(server.known_hosts_line());
  DoorSettings settings = settings_for(server);
  settings.keepalive = std::chrono::milliseconds(100);
  DoorVisitor visitor(settings);
  visitor.await_open();
  EXPECT_EQ(visitor.await_text("# "), "sw.1 # ");
  server.hang();
  EXPECT_THAT(visitor.await(Door::Event::Kind::Ended).text,
              HasSubstr("left 3 requests in a row unanswered"));
}

TEST_F(SshDoor, RefusesAServerWhoseKeyIsNotKnown) {
  SshServer server(SshServer::Asks::Password);
  DoorVisitor visitor(settings_for(server));
  const auto failed = visitor.await(Door::Event::Kind::Failed);
  EXPECT_TRUE(failed.is_final);
  EXPECT_THAT(failed.text, HasSubstr("its host key is not known: SHA256:"));
  EXPECT_THAT(failed.hint, HasSubstr("add it to " + known_hosts_.path() + ", "));
  EXPECT_EQ(server.logins(), 0);
  EXPECT_FALSE(std::filesystem::exists(known_hosts_.path()));
}

TEST_F(SshDoor, LeavesNoSocketOpen) {
  const auto count = [] {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
  };
  const auto before = count();
  {
    SshServer server(SshServer::Asks::Password);
    DoorVisitor visitor(settings_for(server));
    visitor.await(Door::Event::Kind::Failed);
  }
  EXPECT_EQ(count(), before);
}

TEST_F(SshDoor, KeepsTheFirstKeyWhereItMayAndRefusesAnyOther) {
  std::string line;
  DoorSettings settings;
  {
    SshServer server(SshServer::Asks::Password);
    settings = settings_for(server);
    settings.hops.front().trusts_first = true;
    DoorVisitor visitor(settings);
    visitor.await_open();
    EXPECT_EQ(visitor.await_text("# "), "sw.1 # ");
    line = server.known_hosts_line();
  }
  SshServer other(SshServer::Asks::Password);
  settings.hops.front().port = other.port();
  know("[127.0.0.1]:" + other.port() + line.substr(line.find(' ')));
  DoorVisitor visitor(settings);
  const auto failed = visitor.await(Door::Event::Kind::Failed);
  EXPECT_TRUE(failed.is_final);
  EXPECT_THAT(failed.text, HasSubstr("another one than the known one"));
  EXPECT_EQ(other.logins(), 0);
}

}  // namespace
}  // namespace understudy::targets
