package dev.reprise.milvus;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.milvus.grpc.BoolResponse;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.ConnectRequest;
import io.milvus.grpc.ConnectResponse;
import io.milvus.grpc.CreateCollectionRequest;
import io.milvus.grpc.CreateIndexRequest;
import io.milvus.grpc.DeleteRequest;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.DescribeIndexRequest;
import io.milvus.grpc.DescribeIndexResponse;
import io.milvus.grpc.GetLoadStateRequest;
import io.milvus.grpc.GetLoadStateResponse;
import io.milvus.grpc.GetVersionRequest;
import io.milvus.grpc.GetVersionResponse;
import io.milvus.grpc.HasCollectionRequest;
import io.milvus.grpc.IndexDescription;
import io.milvus.grpc.InsertRequest;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.LoadCollectionRequest;
import io.milvus.grpc.LoadState;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.MutationResult;
import io.milvus.grpc.SearchRequest;
import io.milvus.grpc.SearchResultData;
import io.milvus.grpc.SearchResults;
import io.milvus.grpc.ServerInfo;
import io.milvus.grpc.Status;
import io.milvus.grpc.UpsertRequest;
import io.milvus.shaded.io.grpc.Server;
import io.milvus.shaded.io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.milvus.shaded.io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server of a version that cannot be had for the tests: says so, records what it is asked, agrees
 * to all of it, and keeps no row.
 */
final class FakeMilvus extends MilvusServiceGrpc.MilvusServiceImplBase implements AutoCloseable {
  private static final Status OK = Status.getDefaultInstance();

  private final String version;
  private final Server server;
  private final List<Message> requests = new CopyOnWriteArrayList<>();
  private final Map<String, CreateCollectionRequest> collections = new HashMap<>();
  private final Map<String, CreateIndexRequest> indexes = new HashMap<>();

  FakeMilvus(String version) throws IOException {
    this.version = version;
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(this)
            .build()
            .start();
  }

  String uri() {
    return "http://127.0.0.1:" + server.getPort();
  }

  /** Returns the requests of that type, in order. */
  <T extends Message> List<T> requests(Class<T> type) {
    return requests.stream().filter(type::isInstance).map(type::cast).toList();
  }

  static Map<String, String> pairs(List<KeyValuePair> pairs) {
    Map<String, String> map = new HashMap<>();
    pairs.forEach(pair -> map.put(pair.getKey(), pair.getValue()));
    return map;
  }

  private <T> void answer(Message request, StreamObserver<T> observer, T answer) {
    requests.add(request);
    observer.onNext(answer);
    observer.onCompleted();
  }

  @Override
  public void connect(ConnectRequest request, StreamObserver<ConnectResponse> observer) {
    ServerInfo info = ServerInfo.newBuilder().setBuildTags(version).build();
    answer(
        request,
        observer,
        ConnectResponse.newBuilder().setStatus(OK).setServerInfo(info).setIdentifier(1).build());
  }

  @Override
  public void getVersion(GetVersionRequest request, StreamObserver<GetVersionResponse> observer) {
    answer(
        request,
        observer,
        GetVersionResponse.newBuilder().setStatus(OK).setVersion(version).build());
  }

  @Override
  public synchronized void hasCollection(
      HasCollectionRequest request, StreamObserver<BoolResponse> observer) {
    boolean isThere = collections.containsKey(request.getCollectionName());
    answer(request, observer, BoolResponse.newBuilder().setStatus(OK).setValue(isThere).build());
  }

  @Override
  public synchronized void createCollection(
      CreateCollectionRequest request, StreamObserver<Status> observer) {
    collections.put(request.getCollectionName(), request);
    answer(request, observer, OK);
  }

  @Override
  public synchronized void describeCollection(
      DescribeCollectionRequest request, StreamObserver<DescribeCollectionResponse> observer) {
    CreateCollectionRequest created = collections.get(request.getCollectionName());
    DescribeCollectionResponse.Builder answer = DescribeCollectionResponse.newBuilder();
    if (created == null) {
      answer.setStatus(Status.newBuilder().setCode(100).setReason("collection not found"));
    } else {
      try {
        answer
            .setStatus(OK)
            .setCollectionName(request.getCollectionName())
            .setSchema(CollectionSchema.parseFrom(created.getSchema()))
            .addAllProperties(created.getPropertiesList());
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }
    answer(request, observer, answer.build());
  }

  @Override
  public synchronized void createIndex(
      CreateIndexRequest request, StreamObserver<Status> observer) {
    indexes.put(request.getFieldName(), request);
    answer(request, observer, OK);
  }

  @Override
  public synchronized void describeIndex(
      DescribeIndexRequest request, StreamObserver<DescribeIndexResponse> observer) {
    DescribeIndexResponse.Builder answer = DescribeIndexResponse.newBuilder().setStatus(OK);
    indexes.forEach(
        (field, index) ->
            answer.addIndexDescriptions(
                IndexDescription.newBuilder()
                    .setFieldName(field)
                    .setIndexName(index.getIndexName())
                    .addAllParams(index.getExtraParamsList())));
    answer(request, observer, answer.build());
  }

  @Override
  public void loadCollection(LoadCollectionRequest request, StreamObserver<Status> observer) {
    answer(request, observer, OK);
  }

  @Override
  public void getLoadState(
      GetLoadStateRequest request, StreamObserver<GetLoadStateResponse> observer) {
    answer(
        request,
        observer,
        GetLoadStateResponse.newBuilder()
            .setStatus(OK)
            .setState(LoadState.LoadStateLoaded)
            .build());
  }

  @Override
  public void search(SearchRequest request, StreamObserver<SearchResults> observer) {
    answer(
        request,
        observer,
        SearchResults.newBuilder()
            .setStatus(OK)
            .setResults(SearchResultData.newBuilder().setNumQueries(1).addTopks(0))
            .build());
  }

  @Override
  public void upsert(UpsertRequest request, StreamObserver<MutationResult> observer) {
    answer(request, observer, MutationResult.newBuilder().setStatus(OK).build());
  }

  @Override
  public void insert(InsertRequest request, StreamObserver<MutationResult> observer) {
    answer(request, observer, MutationResult.newBuilder().setStatus(OK).build());
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<MutationResult> observer) {
    answer(request, observer, MutationResult.newBuilder().setStatus(OK).build());
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
