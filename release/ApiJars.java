import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Writes jars that hold the API only: signatures of what is public or protected, no code, no
 * internal packages. Run by {@code release/baseline.sh}.
 */
public final class ApiJars {
  private static final int OPEN = Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED;

  private ApiJars() {}

  /** Arguments: pairs of a jar to read and a jar to write. */
  public static void main(String[] arguments) throws IOException {
    for (int i = 0; i < arguments.length; i += 2) {
      write(Path.of(arguments[i]), Path.of(arguments[i + 1]));
    }
  }

  private static void write(Path from, Path to) throws IOException {
    TreeMap<String, byte[]> all = new TreeMap<>();
    try (ZipFile jar = new ZipFile(from.toFile())) {
      for (ZipEntry entry : jar.stream().toList()) {
        String name = entry.getName();
        boolean isApi =
            name.endsWith(".class")
                && !name.contains("/internal/")
                && !name.matches(".*\\$\\d.*")
                && !name.endsWith("-info.class");
        if (isApi) {
          all.put(name, jar.getInputStream(entry).readAllBytes());
        }
      }
    }
    TreeMap<String, byte[]> classes = new TreeMap<>();
    all.forEach(
        (name, bytes) -> {
          if (isOpen(new ClassReader(bytes).getAccess())) {
            keep(name, all, classes);
          }
        });
    try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(to));
        ZipOutputStream jar = new ZipOutputStream(file)) {
      jar.setLevel(Deflater.BEST_COMPRESSION);
      for (var each : classes.entrySet()) {
        ZipEntry entry = new ZipEntry(each.getKey());
        entry.setTime(0);
        jar.putNextEntry(entry);
        jar.write(each.getValue());
      }
    }
    System.out.println(to + ": " + classes.size() + " classes, " + Files.size(to) + " bytes");
  }

  /** Keeps a class and what it inherits from, which may not be public. */
  private static void keep(String name, Map<String, byte[]> all, Map<String, byte[]> kept) {
    byte[] bytes = all.get(name);
    if (bytes == null || kept.containsKey(name)) {
      return;
    }
    kept.put(name, signatures(bytes));
    ClassReader reader = new ClassReader(bytes);
    keep(reader.getSuperName() + ".class", all, kept);
    for (String type : reader.getInterfaces()) {
      keep(type + ".class", all, kept);
    }
  }

  private static byte[] signatures(byte[] bytes) {
    ClassWriter writer = new ClassWriter(0);
    ClassVisitor open =
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public FieldVisitor visitField(
              int access, String name, String type, String signature, Object value) {
            return isOpen(access) ? super.visitField(access, name, type, signature, value) : null;
          }

          @Override
          public MethodVisitor visitMethod(
              int access, String name, String type, String signature, String[] exceptions) {
            return isOpen(access)
                ? super.visitMethod(access, name, type, signature, exceptions)
                : null;
          }
        };
    new ClassReader(bytes).accept(open, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG);
    return writer.toByteArray();
  }

  private static boolean isOpen(int access) {
    return (access & OPEN) != 0 && (access & Opcodes.ACC_SYNTHETIC) == 0;
  }
}
